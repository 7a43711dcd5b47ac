"""Documents in and out."""
import xml.etree.ElementTree

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


def escape(data):
    """Of text or of a key's bytes. What XML 1.0 has no way to say is said all the same, as AWS does: parsers fail on it."""
    text = data.decode("utf-8", "surrogateescape") if isinstance(data, bytes) else str(data)
    for plain, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(plain, entity)
    return "".join(f"&#{ord(c)};" if c < " " else c for c in text)


def element(name, *content):
    """Content is text, which is escaped, or what element() gave."""
    return Markup(f"<{name}>{''.join(c if isinstance(c, Markup) else escape(c) for c in content)}</{name}>")


class Markup(str):
    pass


def document(name, *content):
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{NAMESPACE}">{"".join(content)}</{name}>'
    return text.encode("utf-8", "surrogateescape")


def parse(body, name):
    """The root, name spaces taken off; None where the body is not such a document."""
    try:
        root = xml.etree.ElementTree.fromstring(body)
    except xml.etree.ElementTree.ParseError:
        return None
    for each in root.iter():
        space, _, tag = each.tag.rpartition("}")
        if space not in ("{" + NAMESPACE, ""):
            return None
        each.tag = tag
    return root if root.tag == name else None
