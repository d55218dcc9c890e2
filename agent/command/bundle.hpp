#pragma once
// `fairlead bundle`: rules made ready for a fleet's laptops, and signed. For whoever writes them; no hub is needed.

#include <filesystem>

#include "agent/bundles/trust.hpp"

namespace CLI {
class App;
}

namespace fairlead::agent::command {

void add_bundle_command(CLI::App& app, int& exit_code);

/// A manifest with what lies beside it: its signature, the bundle key and that one's. Errors: not_found.
[[nodiscard]] Result<bundles::SignedManifest> read_signed_manifest(const std::filesystem::path& manifest);

/// Does every file that a manifest names lie in the folder, and is it the one? Errors: not_found, refused.
[[nodiscard]] Result<void> check_files(const bundles::Manifest& manifest, const std::filesystem::path& folder);
/// The files of a manifest, by digest.
[[nodiscard]] std::vector<bundles::Packed> files_of(const bundles::Manifest& manifest);

}  // namespace fairlead::agent::command
