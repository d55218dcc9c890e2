#pragma once
// What laptops fetch: GET /v1/manifest and GET /v1/bundle/<sha256>. Answered from memory and from a folder of files, so
// that ten thousand laptops that ask four times an hour cost the database nothing. Any thread.

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>

#include "agent/hub/endpoints.hpp"
#include "agent/hub/releases.hpp"

namespace fairlead::agent::hub {

class Shelf {
 public:
  /// files   each named by its SHA-256.
  explicit Shelf(std::filesystem::path files) : files_(std::move(files)) {}

  /// Reads what is to be handed out; until the next time that is the answer. Blocks.
  [[nodiscard]] Result<void> fill(Releases& releases);

  /// Nothing where it is another's to answer, or to refuse.
  [[nodiscard]] std::optional<Answer> answer(const Request& request, Now now) const;

 private:
  struct Content {
    std::vector<Release> releases;  // the latest first
    std::set<std::string, std::less<>> revoked;
  };
  [[nodiscard]] std::shared_ptr<const Content> content() const;
  [[nodiscard]] Answer manifest_for(const Request& request, const Content& content, Now now) const;

  std::filesystem::path files_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Content> content_;
};

}  // namespace fairlead::agent::hub
