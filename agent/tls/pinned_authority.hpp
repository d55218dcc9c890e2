#pragma once
// For a client that trusts one authority and no other: its clock is not asked. A laptop whose clock is wrong by a year
// must still be able to report, and to be told the time.

namespace fairlead::agent::tls {

/// ssl_context   an SSL_CTX, as libcurl hands it out. Names and signatures are checked as always.
void ignore_clock(void* ssl_context);

}  // namespace fairlead::agent::tls
