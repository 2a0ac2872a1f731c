"""The public page's look: the app's tokens, in the one sheet that the page brings along."""

from base64 import b64encode
from hashlib import sha256

DARK = """--bg:#131110;--card:#1E1B18;--well:#312C28;--line:#332E2A;--edge:#877E74;--text:#F4EFE8;--soft:#C9C1B6;
--accent:#5CC5B0;--on:#06241E;--tint:#16352F;--ink:#83D8C6;--warm:#3A281B;--warmi:#F2BF96;--bad:#FFAB99;--badbg:#42211B"""

STYLE = f"""
:root{{color-scheme:light dark;--bg:#F4F2ED;--card:#FFF;--well:#EDEAE3;--line:#E7E2D9;--edge:#8B8379;--text:#211D18;
--soft:#57504A;--accent:#0E6A5D;--on:#FFF;--tint:#E0F0EB;--ink:#0B5A4E;--warm:#FBEDDF;--warmi:#83481D;--bad:#9E2A18;
--badbg:#FCE7E2}}
@media (prefers-color-scheme:dark){{:root{{{DARK}}}}}
*{{box-sizing:border-box}}
body{{margin:0;background:var(--bg);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"PingFang SC",
"Noto Sans CJK SC","Microsoft YaHei",sans-serif;-webkit-text-size-adjust:100%}}
main{{max-width:35rem;margin:0 auto;padding:.5rem 1rem 3rem}}
header{{display:flex;align-items:center;justify-content:space-between;gap:1rem}}
a{{color:var(--ink)}}
.lang{{display:inline-flex;align-items:center;justify-content:center;min-height:2.75rem;min-width:2.75rem;
padding:0 .25rem;font-size:.9375rem}}
h1{{font-size:1.75rem;line-height:1.3;font-weight:600;margin:.25rem 0 .25rem}}
h2{{font-size:1.125rem;font-weight:600;margin:1.5rem 0 .5rem}}
p{{margin:.25rem 0 .75rem}}
.soft,.why{{color:var(--soft);font-size:.875rem}}
.card{{background:var(--card);border-radius:1.125rem;padding:.25rem 1rem;box-shadow:0 0 0 1px var(--line)}}
.field{{padding:.75rem 0;border-top:1px solid var(--line);border-inline:0;border-bottom:0;margin:0;min-width:0}}
.field:first-child{{border-top:0}}
legend{{float:left;width:100%}}
.pills,.day,.bad{{clear:both}}
.label,legend{{display:block;padding:0;font-size:.875rem;color:var(--soft);margin-bottom:.25rem}}
input[type=text],input[type=tel],input[type=date],input[type=number],select,textarea{{width:100%;min-height:2.75rem;
padding:.5rem .75rem;border:1px solid var(--edge);border-radius:.75rem;background:var(--card);color:var(--text);
font:inherit}}
.day{{display:grid;grid-template-columns:repeat(4,1fr);gap:.5rem}}
@media (max-width:26rem){{.day{{grid-template-columns:1fr 1fr}}}}
.pills{{display:flex;flex-wrap:wrap;gap:.5rem}}
.pills label{{position:relative}}
.pills input{{position:absolute;opacity:0;inset:0;width:100%;height:100%;margin:0}}
.pills span{{display:inline-flex;align-items:center;min-height:2.75rem;padding:0 1rem;border-radius:2rem;
background:var(--well)}}
.pills input:checked+span{{background:var(--tint);color:var(--ink);font-weight:600;
box-shadow:inset 0 0 0 2px var(--accent)}}
:focus-visible,.pills input:focus-visible+span{{outline:3px solid var(--accent);outline-offset:2px}}
.bad{{color:var(--bad);font-size:.875rem;margin:.25rem 0 0}}
.note{{border-radius:.75rem;padding:.75rem 1rem;margin:.75rem 0;background:var(--warm);color:var(--warmi)}}
.note ul{{margin:.25rem 0 0;padding-inline-start:1.25rem;font-weight:600}}
.note.wrong{{background:var(--badbg);color:var(--bad)}}
button{{display:block;width:100%;min-height:3.25rem;margin-top:1.25rem;border:0;border-radius:.75rem;
background:var(--accent);color:var(--on);font:inherit;font-weight:600}}
.skip{{display:flex;align-items:center;justify-content:center;min-height:2.75rem;margin-top:.5rem}}
""".replace("\n", "")

HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
"""By which the page's Content-Security-Policy knows this sheet and no other."""
