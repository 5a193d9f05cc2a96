"""The style sheet of the HTML: a printed page's manners on a desk screen, one column on a phone, plain paper when printed."""

from __future__ import annotations

from service.book.html_theme import quoted, theme_rules
from service.book.theme import Theme

_MORE_SERIF = ("SimSun", "Songti SC", "STSong", "Noto Serif SC", "Noto Serif CJK SC", "Source Han Serif SC")
_MORE_SANS = ("SimHei", "PingFang SC", "Microsoft YaHei", "Heiti SC", "Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC")


def style_sheet(theme: Theme) -> str:
    """CSS for a theme; the faces are those of the reader's system."""
    faces = theme.faces
    serif = _families((faces.serif_latin, faces.serif_hanzi, *_MORE_SERIF), "serif")
    sans = _families((faces.sans_latin, faces.sans_hanzi, *_MORE_SANS), "sans-serif")
    return f":root{{--serif:{serif};--sans:{sans};--accent:#{theme.accent};--shade:#{theme.shade}}}{_RULES}{theme_rules(theme)}"


def _families(names: tuple[str, ...], generic: str) -> str:
    """Names in quotes; marks that could end the string are left out."""
    return ",".join([*map(quoted, names), generic])


_RULES = """
*{box-sizing:border-box}
html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0;text-autospace:normal;font:16px/1.8 var(--serif);color:#1a1a1a;background:#eceef1;overflow-wrap:anywhere}
a{color:inherit;text-decoration:underline;text-decoration-color:#9aa4b1;text-underline-offset:3px}
a:hover{color:#0b57a4;text-decoration-color:currentColor}
a.out{color:#0b57a4}
h1,h2,h3,h4,h5,.caption,figcaption,caption,nav,.part_title,.cover_company,.cover_title{font-family:var(--sans)}
.contents{position:fixed;inset:0 auto 0 0;width:19rem;overflow-y:auto;padding:1.25rem 1rem;background:#fff;border-right:1px solid #d5d9df;
 font-size:.875rem;line-height:1.5}
.contents h1{margin:0 0 .25rem;font-size:1.05rem;line-height:1.4}
.contents>p{margin:0 0 1rem;color:#5b6470;font-size:.8125rem}
.fold{display:none}
nav ol,.toc ol{list-style:none;margin:0;padding:0}
nav li li,.toc li li{padding-left:1rem}
nav a{display:flex;gap:.5em;padding:.2rem .4rem;border-radius:4px;text-decoration:none;color:#2b323b}
nav a:hover{background:#eef3f9}
nav>ol>li>a{font-weight:bold}
main{margin-left:19rem;padding:1.5rem 1rem 4rem}
section{max-width:50rem;margin:0 auto 1.5rem;padding:2.5rem 3.5rem 3rem;background:#fff;border:1px solid #dfe3e8;border-radius:3px}
section.wide{max-width:72rem}
.head{display:flex;justify-content:space-between;gap:1rem;margin:-1rem 0 1.75rem;padding-bottom:.35rem;border-bottom:1px solid #555;
 font-size:.8125rem;line-height:1.4;color:#444}
.code{float:right;width:15mm;height:15mm;margin:-.5rem -.6rem .25rem .75rem}
.code svg{display:block;width:100%;height:100%}
h2,h3,h4,h5{color:var(--accent);line-height:1.5;display:flex;gap:.75em;margin:1.25em 0 .4em;break-after:avoid}
h2{justify-content:center;text-align:center;font-size:1.5rem;margin:.25em 0 1em}
h3{font-size:1.15rem}
h4,h5{font-size:1rem}
h5{font-weight:normal}
.number{flex:none}
.here{visibility:hidden;text-decoration:none;color:#8a94a0;font-weight:normal}
:is(h2,h3,h4,h5):hover .here,.here:focus{visibility:visible}
:target{background:#fff6d6;scroll-margin-top:1rem}
section:target{background:#fff}
p{margin:0 0 .35em}
.body{text-indent:2em;text-align:justify}
.flush{text-align:justify}
.center,.caption,.part_title,[class^=cover_]{text-align:center}
.right{text-align:right}
.caption,figcaption,caption{font-size:.9rem;text-align:center;padding:.35rem 0}
.note{font-size:.9rem;padding-left:4em;text-indent:-2em}
.fine{font-size:.8125rem;line-height:1.5;color:#444}
.spacer{height:1.8em}
.part_title{font-size:1.5rem;font-weight:bold;margin-bottom:1em}
.cover_company{font-size:1.6rem;font-weight:bold}
.cover_title{font-size:clamp(1.9rem,6vw,3rem);font-weight:bold;line-height:1.4}
.cover_subtitle{font-size:1.2rem}
.cover_line{font-size:1.1rem}
.item{display:flex;padding-left:calc(2em + 2em*min(var(--depth),3))}
.item>span{flex:none;min-width:2em;padding-right:.3em}
.item>p{flex:1;text-align:justify}
code{font-family:ui-monospace,Consolas,monospace;font-size:.9em}
.scroll{overflow-x:auto;margin:.5rem 0 1rem}
table{width:100%;min-width:min(calc(var(--columns)*4.5rem),46rem);border-collapse:collapse;font-size:.9rem;line-height:1.6;table-layout:fixed}
table.small{font-size:.8125rem;line-height:1.5}
th,td{border:1px solid #333;padding:.15em .5em;text-align:left;font-weight:normal;height:calc(1.7em*(var(--lines,1) + min(var(--air,0),1)))}
.center{text-align:center}
td.right,th.right{text-align:right}
.bold{font-weight:bold}
.shade{background:var(--shade)}
figure{margin:.75rem 0;text-align:center}
figure svg,figure img{max-width:100%;height:auto}
figure img{width:auto;max-height:44rem}
.toc a{display:flex;gap:.75em;padding:.1rem 0;text-decoration:none}
.toc a:hover{text-decoration:underline}
.toc .page{margin-left:auto}
@media (max-width:64rem){
 .contents{position:static;width:auto;border-right:0;border-bottom:1px solid #d5d9df}
 .contents>p{margin:0}
 .fold{display:block;appearance:none;-webkit-appearance:none;margin:.5rem 0 0;padding:.4rem 0;font:bold .9375rem var(--sans);cursor:pointer}
 .fold::before{content:"目录 ▾"}
 .fold:checked::before{content:"目录 ▴"}
 .fold:not(:checked)+nav{display:none}
 main{margin-left:0;padding:.75rem .5rem 3rem}
 section,section.wide{padding:1.5rem 1.1rem 2rem}
}
@media (max-width:32rem){
 body{font-size:15px}
 .item{padding-left:calc(1em + 1.5em*min(var(--depth),3))}
 .note{padding-left:2em}
 h2{font-size:1.3rem}
}
@media print{
 @page{size:A4;margin:25mm 24mm 22mm}
 body{background:none;font-size:12pt}
 .contents,.here{display:none}
 main{margin:0;padding:0}
 section,section.wide{max-width:none;margin:0;padding:0;border:0;break-before:page}
 section:first-child{break-before:auto}
 .head{margin-top:0}
 .scroll{overflow:visible}
 table{min-width:0}
 thead{display:table-header-group}
 tr,figure{break-inside:avoid}
 .caption{break-after:avoid}
 a,a.out{color:inherit;text-decoration:none}
 .shade{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
"""
