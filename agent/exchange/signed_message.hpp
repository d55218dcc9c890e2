#pragma once
// Requests and answers that prove themselves where a network breaks TLS open: HTTP Message Signatures (RFC 9421) over
// Content-Digest (RFC 9530), in the one form that laptops and their hub write; no other is read. A request is signed
// with the device's key, and an answer, with the authority's, names the very request that it answers: whoever stands
// between them can keep both back, and nothing else. Pure; any thread.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlead::agent::exchange {

struct SignedRequest {
  std::string method, host, path;       // host: as in the field Host
  std::string digest;                   // Content-Digest, of the body as it travels
  std::string certificate;              // Client-Cert (RFC 9440); empty: the device has none yet
  std::string encoding, if_none_match;  // Content-Encoding, If-None-Match; empty: there are none
  std::string input, signature;         // Signature-Input, Signature
};
struct SignedAnswer {
  int status = 0;
  std::string digest, etag, retry_after;  // Content-Digest; ETag, Retry-After: empty where there are none
  std::string input, signature;
};

/// What a request's signature says of itself.
struct RequestParameters {
  std::chrono::sys_seconds created;
  std::string nonce;  // base64
  std::string key;    // 32 bytes: the public half
};

/// The values of the fields Content-Digest and Client-Cert.
[[nodiscard]] std::string content_digest(std::string_view body);
/// pem   of a certificate.
[[nodiscard]] std::string client_certificate(std::string_view pem);
/// DER. Nothing where it is no such field.
[[nodiscard]] std::optional<std::string> read_client_certificate(std::string_view field);

/// Fills in `input`.
void write_input(SignedRequest& request, const RequestParameters& parameters);
void write_input(SignedAnswer& answer, const SignedRequest& to, std::chrono::sys_seconds created);
/// Nothing where it is not what write_input() writes, or does not cover all that the request holds.
[[nodiscard]] std::optional<RequestParameters> read_input(const SignedRequest& request);
/// When it was signed.
[[nodiscard]] std::optional<std::chrono::sys_seconds> read_input(const SignedAnswer& answer, const SignedRequest& to);

/// What is signed. Needs an `input` that read_input() reads.
[[nodiscard]] std::string signature_base(const SignedRequest& request);
[[nodiscard]] std::string signature_base(const SignedAnswer& answer, const SignedRequest& to);

/// The value of the field Signature, and the bytes in it.
[[nodiscard]] std::string signature_field(std::string_view signature);
[[nodiscard]] std::optional<std::string> read_signature(std::string_view field);

/// A part of a message that is signed.
struct Component {
  std::string name;  // as it stands in the list: "\"@method\""
  std::string value;
};
/// RFC 9421, section 2.5.
///
/// parameters   of the signature: ("@method" "@path");created=1
[[nodiscard]] std::string signature_base(const std::vector<Component>& components, std::string_view parameters);

}  // namespace fairlead::agent::exchange
