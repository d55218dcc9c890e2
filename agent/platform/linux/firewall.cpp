#include "agent/platform/firewall.hpp"

#include <pwd.h>

#include <cerrno>

#include "agent/platform/linux/ask_program.hpp"

namespace fairlead::agent::platform {
namespace {

constexpr std::string_view kNft = "/usr/sbin/nft", kTable = "table inet fairlead";

Result<ProgramAnswer> ask_nft(const std::vector<std::string>& words, std::string_view input) {
  std::vector<std::string> command{std::string(kNft)};
  command.insert(command.end(), words.begin(), words.end());
  auto answer = ask_program(command, input);
  if (!answer && answer.error().code == Errc::not_found)
    return fail(Errc::not_found, Side::local, "there is no " + command[0] + "; install the package nftables");
  return answer;
}

Error refused_by(const ProgramAnswer& answer) {
  const std::string line = answer.errors.substr(0, answer.errors.find('\n'));
  return {Errc::denied, Side::local,
          "nft: " + (line.empty() ? "ended with " + std::to_string(answer.exit_code) : line)};
}

Result<void> run_script(std::string_view script) {
  const auto answer = ask_nft({"-f", "-"}, script);
  if (!answer) return tl::unexpected(answer.error());
  if (answer->exit_code != 0) return tl::unexpected(refused_by(*answer));
  return {};
}

bool holds_line(std::string_view text, std::string_view line) {
  for (std::size_t at = text.find(line); at != std::string_view::npos; at = text.find(line, at + 1)) {
    const std::size_t end = at + line.size();
    if ((at == 0 || text[at - 1] == '\n') && (end == text.size() || text[end] == '\n')) return true;
  }
  return false;
}

}  // namespace

Result<std::optional<FirewallState>> look_at_firewall() {
  const auto table = ask_nft({"list", "table", "inet", "fairlead"}, "");
  if (!table) return tl::unexpected(table.error());
  if (table->exit_code == 0) return read_firewall(table->out);
  // No such table, or nobody who may ask: the list of all tells which.
  const auto all = ask_nft({"list", "tables", "inet"}, "");
  if (!all) return tl::unexpected(all.error());
  if (all->exit_code != 0 || holds_line(all->out, kTable)) return tl::unexpected(refused_by(*table));
  return std::nullopt;
}

Result<void> put_firewall(std::string_view rules) { return run_script(rules); }

Result<void> remove_firewall() { return run_script("table inet fairlead\ndelete table inet fairlead\n"); }

std::optional<UserId> account_named(const std::string& name) {
  constexpr std::size_t kMostText = std::size_t{1} << 20U;
  std::vector<char> text(4096);
  passwd entry{};
  passwd* found = nullptr;
  while (getpwnam_r(name.c_str(), &entry, text.data(), text.size(), &found) == ERANGE && text.size() < kMostText)
    text.resize(text.size() * 2);
  if (found == nullptr) return std::nullopt;
  return UserId{entry.pw_uid};
}

}  // namespace fairlead::agent::platform
