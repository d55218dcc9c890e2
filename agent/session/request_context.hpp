#pragma once
// What a request head says about why it is sent: the page that asks, and what for. Hints of the client, good enough for
// filters against adverts; nothing else rests on them. Pure.

#include "agent/http/head.hpp"
#include "rules/match/context.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::agent::session {

/// head  of a request that is no CONNECT. page  keeps the page's address; the result views it.
/// Source   RFC 9110 section 10.1.3 (Referer); W3C Fetch Metadata (Sec-Fetch-Dest); where that is missing, the type
///          that Accept asks for first.
[[nodiscard]] rules::match::Context context_of(const http::RequestHead& head, rules::url::CanonicalUrl& page);

}  // namespace fairlead::agent::session
