#pragma once
// From lists.yaml to verified candidates: asks for new editions, checks digest and signature, stages what holds. What a
// list says is not looked at here; whoever called decides by ListStore::accept() or reject(). Blocks; one updater.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/lists/fetch.hpp"
#include "agent/lists/list_store.hpp"
#include "rules/catalog/values.hpp"

namespace fairlead::agent::lists {

struct UpdateOptions {
  FetchOptions fetch;
  std::uint64_t seed = 0;  // from the system's random source: spreads the laptops over time
  std::function<void(const std::string& id, std::uint64_t bytes)> on_bytes;  // progress; may be empty
};

struct UpdateOutcome {
  enum class Kind : std::uint8_t { not_modified, staged, failed };
  std::string id;
  Kind kind = Kind::failed;
  std::optional<Candidate> candidate;  // when staged
  Error error;                         // when failed
  std::string notice;                  // what was found amiss in the folder of the list, and repaired by this; or empty
};

/// One outcome for each source that is remote; the others are not asked for. A failure leaves the list in force. The
/// caller holds the store.
[[nodiscard]] std::vector<UpdateOutcome> update_lists(std::span<const rules::catalog::ListSource> sources,
                                                      const ListStore& store, const UpdateOptions& options,
                                                      std::chrono::sys_seconds now);

/// May the new editions of all these lists come into force together? Says why not; changes nothing.
using Acceptance = std::function<Result<void>(const std::vector<std::string>& staged_ids)>;

/// Puts what is acceptable in force. Where all together are refused, one by one is tried, so that one bad edition does
/// not hold up the others; a refused outcome becomes a failed one.
void accept_staged(std::vector<UpdateOutcome>& outcomes, const ListStore& store, const Acceptance& acceptance);

}  // namespace fairlead::agent::lists
