"""Makes the site from the repository as it is: pages stay where their subjects lie, code comes from what CI runs.

In a page, `<!-- code: NAME -->` becomes tabs with the code that `code.toml` names, one for each language, and
`<!-- table: models -->` or `<!-- table: errors -->` a table of the registry or of the list of codes. A link to a file
that is no page leads to the repository. When the site is built, every link, anchor and picture in it is followed.
"""

from __future__ import annotations

import json
import posixpath
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
HOME = "docs/guide/index.md"

TABS = {
    "python": "Python",
    "node": "JavaScript",
    "swift": "Swift",
    "kotlin": "Kotlin",
    "rust": "Rust",
    "shell": "Command line",
}
FENCES = {"node": "js", "shell": "sh"}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages under the paths that they have in the repository, so that their links are right in both places."""
    pages = set(leaves(config.nav or []))
    for source in sorted(pages.union(*(glob(pattern) for pattern in config.extra["sources"]))):
        inclusion = InclusionLevel.INCLUDED if source in pages else InclusionLevel.NOT_IN_NAV
        file = File.generated(config, source, abs_src_path=str(ROOT / source), inclusion=inclusion)
        file.dest_uri = "index.html" if source == HOME else file.dest_uri.removeprefix("docs/")
        files.append(file)
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Puts in code and tables, and leads links to other files into the repository."""
    if "/decisions/" in page.file.src_uri:
        page.meta["search"] = {"boost": 0.5}
    markdown = re.sub(r"^<!-- code: (\S+) -->$", lambda found: tabs(found[1]), markdown, flags=re.MULTILINE)
    markdown = re.sub(r"^<!-- table: (\S+) -->$", lambda found: TABLES[found[1]](), markdown, flags=re.MULTILINE)
    folder = posixpath.dirname(page.file.src_uri)
    return re.sub(r"\]\(([^)\s#:]+)(#[^)\s]*)?\)", lambda found: link(found, folder, config, files), markdown)


def on_post_build(config: MkDocsConfig) -> None:
    """Follows every link of the site, and fails for those that lead nowhere or that load something from elsewhere."""
    site = Path(config.site_dir)
    pages = {path: Links.of(path) for path in sorted(site.rglob("*.html")) if path.name != "404.html"}
    found = [(path, fault) for path, links in pages.items() for fault in links.faults(path, pages)]
    if faults := [f"{path.relative_to(site)}: {fault}" for path, fault in found]:
        raise PluginError("links that lead nowhere:\n" + "\n".join(faults))
    print(f"{len(pages)} pages, {sum(len(links.targets) for links in pages.values())} links and pictures followed")


def leaves(nav: str | dict[str, Any] | list[Any]) -> list[str]:
    """The files that the navigation names."""
    if isinstance(nav, str):
        return [nav]
    parts = nav.values() if isinstance(nav, dict) else nav
    return [leaf for part in parts for leaf in leaves(part)]


def glob(pattern: str) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern)}


def link(found: re.Match[str], folder: str, config: MkDocsConfig, files: Files) -> str:
    """The link as it is if it leads to a page, or to nothing, which MkDocs complains about."""
    target = posixpath.normpath(posixpath.join(folder, found[1]))
    readme = posixpath.join(target, "README.md")
    if files.get_file_from_path(target) or not (ROOT / target).exists():
        return found[0]
    if files.get_file_from_path(readme):
        return f"]({posixpath.relpath(readme, folder or '.')})"
    kind = "tree" if (ROOT / target).is_dir() else "blob"
    return f"]({config.extra['repository']}/{kind}/main/{target})"


def tabs(name: str) -> str:
    """The code of this name in every language that has it."""
    places = tomllib.loads((HERE / "code.toml").read_text(encoding="utf-8")).get(name)
    if not places:
        raise PluginError(f"code.toml has no `{name}`")
    parts = []
    for language, title in TABS.items():
        if language in places:
            code = "\n".join(f"    {line}" for line in block(**places[language]).splitlines())
            fence = FENCES.get(language, language)
            parts.append(f'=== "{title}"\n\n    ``` {fence}\n{code}\n    ```\n')
    # Searching for a word would find the same six programs on every page.
    return '<div data-search-exclude markdown="block">\n\n' + "\n".join(parts) + "\n</div>"


def block(file: str, part: str, number: int = 1) -> str:
    """The `number`th block of code under a heading of a README, or what follows the line `guide: PART` of a program."""
    text = (ROOT / file).read_text(encoding="utf-8")
    if file.endswith(".md"):
        sections = re.split(r"^## (.*)$", "## \n" + text, flags=re.MULTILINE)
        text = dict(zip(sections[1::2], sections[2::2], strict=True)).get(part, "")
        pattern = r"^```(?:python|ts|swift|kotlin)\n(.*?)^```"
    else:
        pattern = rf"^ *(?://|#) guide: {part}\n(.*?)^ *(?://|#) end\n"
    found = re.findall(pattern, text, re.MULTILINE | re.DOTALL)[number - 1 : number]
    if not found:
        raise PluginError(f"{file} has no block {number} of code for `{part}`, which docs/site/code.toml names")
    lines = found[0].rstrip().splitlines()
    indent = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return "\n".join(line[indent:] for line in lines)


def models_table() -> str:
    """The models that find a subject, from the registry."""
    registry = tomllib.loads((ROOT / "models/registry.toml").read_text(encoding="utf-8"))
    rows = ["| model | what it is | download | licence | for sale |", "|---|---|---|---|---|"]
    for model in registry["model"]:
        if model["task"] == "remove_background":
            size = sum(file["bytes"] for file in model.get("files", [])) / 1e6
            download = f"{size:.1f} MB" if 0 < size < 10 else f"{size:.0f} MB" if size else "none"
            commercial = "yes" if model["commercial"] else "**no**"
            rows.append(f"| `{model['id']}` | {model['title']} | {download} | {model['licence']} | {commercial} |")
    return "\n".join(rows)


def errors_table() -> str:
    """Every code, from the list that the suites of all languages read."""
    errors = json.loads((ROOT / "bindings/cases/errors.json").read_text(encoding="utf-8"))
    rows = ["| code | kind | what to do | again? |", "|---|---|---|---|"]
    for error in errors:
        again = "may succeed" if error["retryable"] else ""
        rows.append(f"| `{error['code']}` | {error['kind']} | {error['remedy']} | {again} |")
    return "\n".join(rows)


TABLES = {"models": models_table, "errors": errors_table}


class Links(HTMLParser):
    """What a page links to and loads, and the places in it that can be linked to."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[tuple[str, bool]] = []
        self.anchors: set[str] = {""}

    @classmethod
    def of(cls, path: Path) -> Links:
        links = cls()
        links.feed(path.read_text(encoding="utf-8"))
        return links

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.anchors.update(values[name] for name in ("id", "name") if name in values)
        loaded = tag != "a" and values.get("rel") not in {"canonical", "next", "prev"}
        self.targets.extend((values[name], loaded) for name in ("href", "src") if name in values)

    def faults(self, path: Path, pages: dict[Path, Links]) -> list[str]:
        found = []
        for target, loaded in self.targets:
            url = urlsplit(target)
            if url.scheme in {"http", "https"} or url.netloc:
                found += [f"loads {target} from elsewhere"] if loaded else []
                continue
            if url.scheme:
                continue
            file = (path.parent / unquote(url.path)).resolve() if url.path else path
            there = pages.get(file)
            if not file.is_file():
                found.append(f"{target}: no such file")
            elif there and unquote(url.fragment) not in there.anchors:
                found.append(f"{target}: no such place in that page")
        return found
