import colorsys
import hashlib
import statistics
import uuid
from urllib.parse import parse_qs, parse_qsl, quote, quote_plus, unquote, unquote_plus, urlencode, urljoin, urlparse


def main():
    print(quote("a b/c?é&~"), quote("/x y", safe=""), quote_plus("a b&c"), unquote("a%20b%C3%A9%zz%e9x"), unquote_plus("a+b%2B"))
    u = urlparse("HTTPS://user:pw@Example.com:8080/a/b;p?q=1&r=2#frag")
    print(u, u.scheme, u.netloc, u.path, u.params, u.query, u.fragment, u.hostname, u.port, u.username, u.password, u.geturl())
    for t in ["", "x", "mailto:a@b.c", "//host/p", "/p?#", "http://h", "http://h:x/", "a:b:c", "1:2"]:
        v = urlparse(t)
        print(v, v.geturl(), v.hostname)
        try:
            print(v.port)
        except ValueError as e:
            print(e)
    base = "http://a/b/c/d;p?q"
    for r in ["g", "./g", "g/", "/g", "//g", "?y", "g?y", "#s", "", ".", "..", "../..", "../../../g", "g;x=1/../y", "http:g", "ftp://x/y"]:
        print(r, urljoin(base, r), urljoin("http://a", r), urljoin("", r))
    print(urlencode({"a": 1, "b c": "d&e"}), urlencode([("x", "y"), ("z", "é")]))
    print(parse_qs("a=1&a=2&b=&c"), parse_qsl("a=1&b=&c=x+y", keep_blank_values=True))
    for c in [(0.2, 0.4, 0.6), (0.0, 0.0, 0.0), (1.0, 0.5, 0.5), (0.9, 0.1, 0.3)]:
        r, g, b = c
        print(colorsys.rgb_to_hsv(r, g, b), colorsys.rgb_to_hls(r, g, b), colorsys.hsv_to_rgb(r, g, b), colorsys.hls_to_rgb(r, g, b))
        print(colorsys.rgb_to_yiq(r, g, b), colorsys.yiq_to_rgb(r, g, b))
    print(uuid.uuid5(uuid.NAMESPACE_DNS, "python.org"), uuid.uuid3(uuid.NAMESPACE_URL, "x"), repr(uuid.UUID("12345678123456781234567812345678")))
    n = uuid.UUID("{12345678-1234-5678-1234-567812345678}")
    print(n.hex, n.int, n.version, len(str(uuid.uuid4())), n == uuid.UUID(n.hex))
    try:
        uuid.UUID("xyz")
    except ValueError as e:
        print(e)
    print(hashlib.new("sha256", b"abc").hexdigest(), hashlib.md5(b"x").digest_size)
    print(statistics.median_grouped([1, 2, 2, 3, 4, 4, 4, 4, 4, 5]), statistics.linear_regression([1, 2, 3], [2, 4, 6.5]))
    lr = statistics.linear_regression([1.0, 2.0], [3.0, 5.0])
    print(lr.slope, lr.intercept, f"{lr.slope:.2f}")


main()
