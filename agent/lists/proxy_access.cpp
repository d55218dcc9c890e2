#include "agent/lists/proxy_access.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <utility>

#include "agent/platform/platform.hpp"
#include "agent/tls/base64.hpp"

namespace fairlead::agent::lists {
namespace {

constexpr std::size_t kLongest = 1024;

/// Nothing when the service manager has given none of that name. Who may read it is the manager's to see to.
std::optional<std::string> given_by_service_manager(const std::string& name) {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (folder == nullptr || name.find('/') != std::string::npos) return std::nullopt;
  std::ifstream file(std::filesystem::path(folder) / name, std::ios::binary);
  if (!file) return std::nullopt;
  std::string bytes(kLongest + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

bool is_printable(char c) { return c >= ' ' && c != '\x7f'; }  // UTF-8 passes: its bytes are negative or above

/// The first line, or what is wrong with it.
Result<std::string> credentials_in(const std::string& bytes, const std::string& name) {
  const std::size_t end = bytes.find_first_of("\r\n");
  std::string line = bytes.substr(0, end);
  const bool more = end != std::string::npos && bytes.find_first_not_of("\r\n", end) != std::string::npos;
  const auto is_bad = [](char c) { return static_cast<unsigned char>(c) < 0x80 && !is_printable(c); };
  const bool good = !more && line.size() <= kLongest && line.find(':') != std::string::npos && line.front() != ':' &&
                    std::none_of(line.begin(), line.end(), is_bad);
  if (!good) return fail(Errc::bad_file, Side::local, name + " must hold one line, 'name:password'");
  return line;
}

Result<std::string> read_credentials(const std::string& name, const std::filesystem::path& config) {
  if (const auto given = given_by_service_manager(name)) return credentials_in(*given, name);
  auto bytes = platform::read_secret_file(config / name, kLongest);
  if (!bytes) return bytes;
  return credentials_in(*bytes, (config / name).string());
}

}  // namespace

std::string ProxyAccess::url() const {
  if (!proxy.is_set()) return {};
  const bool v6 = proxy.host.find(':') != std::string::npos;
  return "http://" + (v6 ? "[" + proxy.host + "]" : proxy.host) + ":" + std::to_string(proxy.port);
}

std::string ProxyAccess::authorization() const {
  if (credentials.empty()) return {};
  return "Basic " + tls::base64(credentials);
}

ProxyAccess read_proxy_access(const rules::catalog::Network& network, const std::filesystem::path& config) {
  ProxyAccess access;
  access.proxy = network.upstream_proxy;
  if (!access.proxy.is_set()) return access;
  access.except = "localhost,127.0.0.1,::1";
  for (const auto* hosts : {&std::as_const(access.proxy.except), &network.local_hosts}) {
    for (const auto& rule : *hosts) access.except.append(",").append(rule.host);
  }
  if (access.proxy.credentials_file.empty()) return access;
  auto credentials = read_credentials(access.proxy.credentials_file, config);
  if (credentials) access.credentials = std::move(*credentials);
  if (!credentials) access.trouble = credentials.error().context;
  return access;
}

}  // namespace fairlead::agent::lists
