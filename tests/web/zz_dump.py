import json
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern
from counterpoise.web.live import live
def walk(r,prefix="",ns=()):
    for p in r.url_patterns:
        route=prefix+str(p.pattern)
        if isinstance(p,URLPattern): yield route, ":".join([*ns,p.name or "?"]), p
        else: yield from walk(p,route,(*ns,p.namespace) if p.namespace else ns)
def test_dump(cast, client_of, settings, tmp_path):
    settings.SECRETS_DIR=tmp_path/"s"
    settings.ALLOWED_HOSTS=["*"]
    parts=["anonymous","lead","manager","rep","marketer","analyst","stranger"]
    cl={p:(Client(raise_request_exception=False) if p=="anonymous" else client_of(p)) for p in parts}
    for c in cl.values(): c.raise_request_exception=False
    K={"pk":1,"number":1,"fingerprint":"x","name":"x","asked":"x","token":"x","uidb36":"1","key":"x-y","provider_id":"company","job_id":1,"snapshot_id":"x","source_id":1,"deal_id":"D1","form":"csv","mark":"x","request_id":1,"signature":1,"point_id":1}
    out=[]
    for route,name,p in walk(get_resolver()):
        kw={k:K.get(k,"x") for k in p.pattern.regex.groupindex}
        try: url=reverse(name,kwargs=kw)
        except Exception as e:
            kw["name"]={"people:act":"close"}.get(name,"deals")
            try: url=reverse(name,kwargs=kw)
            except Exception as e: out.append([name,route,str(e)[:80]]); continue
        row=[name,url]
        for m in ("get","post"):
            s=[]
            for part,c in cl.items():
                with transaction.atomic():
                    try: s.append(getattr(c,m)(url).status_code)
                    except Exception as e: s.append(type(e).__name__)
                    transaction.set_rollback(True)
            row.append(s)
        out.append(row)
    open("/tmp/w/B/mx/dump.txt","w").write("\n".join(map(str,out)))
