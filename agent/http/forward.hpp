#pragma once
// Heads as we send them on: rebuilt from what was parsed, never the bytes as they came (RFC 9110 section 7.6). Without
// I/O.

#include <string>

#include "agent/http/framing.hpp"
#include "agent/http/head.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::agent::http {

/// Is this a WebSocket handshake that may be forwarded (GET, HTTP/1.1, Connection: upgrade, Upgrade: websocket, a key)?
/// Source  RFC 6455 section 4.1
[[nodiscard]] bool is_websocket_upgrade(const RequestHead& head);

/// Does the client want its connection kept after this message? RFC 9112 section 9.3; Proxy-Connection is heard too.
[[nodiscard]] bool wants_keep_alive(const RequestHead& head);
[[nodiscard]] bool allows_keep_alive(const ResponseHead& head);

/// Appends the origin-form request to `out`: canonical path and query, Host from the URL, hop-by-hop fields and those
/// that Connection names dropped, one Content-Length or "Transfer-Encoding: chunked" as `framing` says, never both.
/// Dropped besides: Proxy-*, Keep-Alive, TE, Trailer, HTTP2-Settings, Upgrade (unless a WebSocket upgrade), Expect of
/// an HTTP/1.0 client. No Via, no Forwarded: the laptop's own proxy adds nothing that identifies it.
void write_request(const RequestHead& head, const rules::url::CanonicalUrl& url, const Framing& framing, bool websocket,
                   std::string& out);

/// The same for a proxy: the absolute-form (RFC 9112 section 3.2.2), and what it wants to know of us.
/// authorization   the value of Proxy-Authorization; none when empty. The client's own is dropped as ever.
void write_request_to_proxy(const RequestHead& head, const rules::url::CanonicalUrl& url, const Framing& framing,
                            std::string_view authorization, std::string& out);

/// Appends the request to a proxy to open a tunnel.
/// authority   host:port, the port always (RFC 9112 section 3.2.3).
void write_tunnel_request(std::string_view authority, std::string_view authorization, std::string& out);

/// Appends the head for the client. `framing` is how the body is sent to this client (chunked only to HTTP/1.1);
/// `keep_alive` decides the Connection field. A 101 passes Upgrade and Connection on. With Kind::none the origin's
/// Content-Length stays where it only describes (answers to HEAD, 304), so `head` must have passed response_framing.
void write_response(const ResponseHead& head, const Framing& framing, int client_minor_version, bool keep_alive,
                    std::string& out);

}  // namespace fairlead::agent::http
