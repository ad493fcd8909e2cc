"""The headers that tell a browser what the page may do."""

__all__ = ["DESK_POLICY", "HEADERS", "KEPT", "PAGE_POLICY", "STRICT_POLICY"]

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
# NiceGUI compiles templates in the browser: unsafe-eval it needs; inline scripts run
# only with the nonce of the page, so that no attribute such as onerror ever does.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
DESK_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""For the moderators' desk: scripts and styles are files of ours, nothing inline."""
STRICT_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""For what people uploaded, and for refusals: nothing at all."""
KEPT = "private, max-age=31536000, immutable"
"""How long browsers keep what never changes at its address."""
