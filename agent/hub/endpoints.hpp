#pragma once
// What the hub answers a laptop: GET /v1/authority, POST /v1/enrol, POST /v1/events, POST /v1/book, POST /v1/health;
// and what it refuses of GET /v1/manifest, which shelf.hpp answers. It knows no socket; who asks was proven by the
// server (the certificate of the TLS session). What it refuses, it notes in the audit. Blocks; one thread at a time for
// each object.

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agent/hub/store.hpp"
#include "agent/tls/credential.hpp"

namespace fairlead::agent::hub {

struct Request {
  std::string method, path;  // the path without query
  std::string body;          // as it came
  std::string encoding;      // Content-Encoding: empty, or "zstd"
  std::string if_none_match{};
  std::string device;      // who proved itself, by a certificate of this organisation; empty: nobody
  std::string fault;       // what is wrong with what was shown instead
  bool too_large = false;  // the body was not read
  std::string address;     // of the peer
};

/// What became of the rows of a batch.
struct Tally {
  std::uint64_t taken = 0, doubled = 0, refused = 0;  // doubled: they were there already
};

struct Answer {
  int status = 200;
  std::string body;               // JSON
  std::uint32_t retry_after = 0;  // seconds; 0: nothing is said
  std::string etag{};             // empty: none
  std::filesystem::path file{};   // sent in the place of the body, to be kept by whoever passes it on; empty: none
  Tally tally{};                  // of a batch: for the hub's own counters
  std::vector<std::pair<std::string, std::string>> proof{};  // fields that prove it; set by the server
};

class Endpoints {
 public:
  /// authority   outlives this object.
  /// connect     opens the store, and opens it anew after it went away.
  /// now         the hub's clock.
  Endpoints(const tls::Credential& authority, std::function<Result<std::unique_ptr<Store>>()> connect,
            std::function<Now()> now);

  [[nodiscard]] Answer answer(const Request& request);

 private:
  [[nodiscard]] Answer enrol(const Request& request);
  /// read     reads the body.
  /// what     its rows are, for the audit.
  template <class Batch>
  [[nodiscard]] Answer take(const Request& request, Result<Batch> (*read)(std::string_view), const std::string& what);
  [[nodiscard]] Answer take_events(const Request& request);
  [[nodiscard]] Answer take_book(const Request& request);
  [[nodiscard]] Answer take_health(const Request& request);
  [[nodiscard]] Answer refuse_manifest(const Request& request);
  /// Who asks, as long as it may; else what it is told.
  [[nodiscard]] tl::expected<Device, Answer> asking(const Request& request);
  [[nodiscard]] Answer refuse(const Request& request, int status, const std::string& what);
  /// Of an error of the store: try again later.
  [[nodiscard]] Answer wait_for_store(const Error& error);
  void note(const Request& request, const std::string& device, const std::string& what);
  /// Strangers cannot fill the audit: some of them a minute are noted, the others counted.
  void note_stranger(const Request& request, const std::string& device, const std::string& what);

  const tls::Credential& authority_;
  std::function<Result<std::unique_ptr<Store>>()> connect_;
  std::function<Now()> now_;
  Now strangers_since_{};
  std::uint64_t strangers_ = 0;
  std::unique_ptr<Store> store_;  // null while the database cannot be reached
};

/// A new enrolment code: 20 characters that cannot be misread (98 bits), in groups: "K7QM-2D4X-...".
[[nodiscard]] std::string new_enrolment_code();

}  // namespace fairlead::agent::hub
