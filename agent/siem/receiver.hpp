#pragma once
// Hands records to the collector that siem.yaml names, over libcurl, which stays inside. Blocks; one thread at a time.

#include <chrono>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "agent/siem/record.hpp"

namespace fairlead::agent::siem {

struct Given {
  std::string trouble;                  // why the receiver may not have them all; empty: it has
  std::chrono::seconds retry_after{0};  // its wish
  std::string remark{};                 // what it said of records that it has taken; empty: nothing
  bool unwanted = false;                // it will never take these together: too many, or one that it cannot read
};

class Receiver {
 public:
  Receiver() = default;
  virtual ~Receiver() = default;
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  /// All of them, or trouble: then some may be there already, and all have to be given again.
  [[nodiscard]] virtual Given give(const std::vector<Record>& records, const std::stop_token& stop) = 0;
};

struct ReceiverOptions {
  rules::catalog::SiemMapping mapping;
  std::filesystem::path folder;  // where files that it names lie
  std::string hostname;          // of the hub
};

[[nodiscard]] std::unique_ptr<Receiver> make_receiver(ReceiverOptions options);
[[nodiscard]] std::unique_ptr<Receiver> make_syslog_receiver(ReceiverOptions options);
[[nodiscard]] std::unique_ptr<Receiver> make_otlp_receiver(ReceiverOptions options);

}  // namespace fairlead::agent::siem
