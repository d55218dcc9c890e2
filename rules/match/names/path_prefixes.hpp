#pragma once
// The prefixes of a path at which a path rule may end, each with its hash. Part of the file format: writer and reader
// cut alike. Pure.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "rules/match/names/name_hash.hpp"
#include "rules/match/names/name_key.hpp"

namespace fairlead::rules::match {

/// The hash that says "there are paths below this host"; the begin of the hashes of its paths.
[[nodiscard]] inline std::uint64_t hash_of_paths(std::uint64_t host_hash, char kind) {
  return hash_piece(host_hash, std::string_view(&kind, 1));
}

/// Calls `each(prefix, hash)` for "", "/a", "/a/b", "/a/b?x=1", "/a/b?x=1&y=2" of "/a/b?x=1&y=2", where kQueryBegin
/// stands for the '?': a decoded path may hold one of its own. A prefix ends before a '/', before the query, and in it
/// before a '&'. Ends early when `each` returns false.
template <class Each>
void each_path_prefix(std::string_view path, std::uint64_t hash, Each&& each) {
  bool in_query = false;
  if (!each(path.substr(0, 0), hash)) return;
  for (std::size_t begin = 0; begin < path.size();) {
    if (path[begin] == kQueryBegin) in_query = true;
    std::size_t end = begin + 1;
    while (end < path.size() && (in_query ? path[end] != '&' : path[end] != '/' && path[end] != kQueryBegin)) ++end;
    hash = hash_piece(hash, path.substr(begin, end - begin));
    if (!each(path.substr(0, end), hash)) return;
    begin = end;
  }
}

}  // namespace fairlead::rules::match
