"""What the hook refuses: `cargo xtask docs` runs this before it builds the site."""

import tempfile
import unittest
from pathlib import Path

from hook import Links, PluginError, block, tabs

PAGE = """
<h2 id="here">Here</h2><a href="#here">1</a><a href="other.html#there">2</a><a href="https://example.org">3</a>
<a href="#gone">4</a><a href="other.html#here">5</a><a href="none.html">6</a><img src="none.webp">
<script src="https://example.org/script.js"></script><link rel="stylesheet" href="//example.org/style.css">
"""


class Hook(unittest.TestCase):
    def test_links_that_lead_nowhere_and_what_comes_from_elsewhere_are_found(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            page, other = Path(folder).resolve() / "page.html", Path(folder).resolve() / "other.html"
            page.write_text(PAGE, encoding="utf-8")
            other.write_text('<p id="there">There</p>', encoding="utf-8")
            pages = {path: Links.of(path) for path in (page, other)}
            self.assertEqual(pages[other].faults(other, pages), [])
            self.assertEqual(
                pages[page].faults(page, pages),
                [
                    "#gone: no such place in that page",
                    "other.html#here: no such place in that page",
                    "none.html: no such file",
                    "none.webp: no such file",
                    "loads https://example.org/script.js from elsewhere",
                    "loads //example.org/style.css from elsewhere",
                ],
            )

    def test_code_is_found_by_its_heading_or_its_marks(self) -> None:
        self.assertTrue(block("python/README.md", "Larger photos").startswith("larger = packshot.upscale("))
        self.assertIn("Engine::new()?", block("examples/rust/guide.rs", "first"))
        self.assertNotIn("guide:", block("examples/command-line/guide.sh", "first"))

    def test_code_that_is_not_there_stops_the_build(self) -> None:
        for file, part in (("python/README.md", "Smaller photos"), ("examples/rust/guide.rs", "last")):
            with self.assertRaises(PluginError):
                block(file, part)
        with self.assertRaises(PluginError):
            block("python/README.md", "Larger photos", 9)
        with self.assertRaises(PluginError):
            tabs("nothing")


if __name__ == "__main__":
    unittest.main()
