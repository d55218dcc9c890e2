#include "agent/net/resolver.hpp"

#include <algorithm>
#include <utility>

#include "agent/net/watchdog.hpp"

namespace fairlead::agent::net {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kThreads = 12;        // look-ups that get no answer hold a thread until the system gives up
constexpr std::size_t kMostWaiting = 1024;  // names under way at once
constexpr std::size_t kMostCached = 4096;
// The system's resolver does not tell the time to live: short enough for moving names, long enough for one page.
constexpr std::chrono::seconds kFresh{60};
constexpr std::chrono::seconds kFreshMissing{5};

}  // namespace

struct Resolver::Lookup {
  Lookup(asio::io_context& context, std::string name, Aliases wanted)
      : host(std::move(name)), aliases(wanted), done(context, steady_clock::now() + Limits::lookup) {}
  const std::string host;
  const Aliases aliases;
  Timer done;  // cancelled when there is an answer; runs out when there is none
  bool finished = false;
  bool has_addresses = false;  // only the aliases are still asked for
  bool outdated = false;       // begun in another network: told to those who wait, and not kept
  Resolved found;
  ErrorCode error;
};

Resolver::Resolver(asio::io_context& context, AskAliases ask_aliases, std::chrono::milliseconds for_aliases)
    : context_(context), ask_aliases_(std::move(ask_aliases)), for_aliases_(for_aliases), threads_(kThreads) {}

Resolver::~Resolver() { stop(); }

void Resolver::stop() {
  forget();
  for (const auto& waited_for : outdated_) {
    const auto lookup = waited_for.lock();
    if (!lookup) continue;
    lookup->finished = true;
    lookup->error = asio::error::operation_aborted;
    lookup->done.cancel();
  }
  threads_.stop();
}

void Resolver::forget() {
  std::erase_if(outdated_, [](const auto& lookup) { return lookup.expired(); });
  for (const auto& [key, lookup] : under_way_) {
    lookup->outdated = true;
    outdated_.push_back(lookup);
  }
  under_way_.clear();
  cache_.clear();
  oldest_first_.clear();
}

Task<Result<Resolved>> Resolver::resolve(std::string host, Aliases aliases) {
  ErrorCode not_an_address;
  const asio::ip::address literal = asio::ip::make_address(host, not_an_address);
  if (!not_an_address) co_return Resolved{Addresses(1, literal), true, {}};

  const std::string key = (aliases == Aliases::ask ? "aliases of " : "") + host;
  const auto cached = cache_.find(key);
  if (cached != cache_.end() && cached->second.fresh_until > steady_clock::now()) {
    if (cached->second.found.addresses.empty()) co_return fail(Errc::not_found, Side::upstream, "no such name");
    co_return cached->second.found;
  }

  std::shared_ptr<Lookup> lookup;
  if (const auto found = under_way_.find(key); found != under_way_.end()) {
    lookup = found->second;
  } else {
    if (under_way_.size() >= kMostWaiting) co_return fail(Errc::timed_out, Side::upstream, "too many look-ups");
    lookup = std::make_shared<Lookup>(context_, std::move(host), aliases);
    under_way_.emplace(key, lookup);
    start(key, lookup);
  }
  // Once the addresses are there the wait ends sooner: it is begun again.
  while (!lookup->finished && steady_clock::now() < lookup->done.expiry()) co_await lookup->done.async_wait(kAwait);
  if (!lookup->finished && lookup->has_addresses) finish(key, lookup);

  if (lookup->finished && !lookup->error) {
    if (lookup->found.addresses.empty()) co_return fail(Errc::not_found, Side::upstream, "no such name");
    co_return lookup->found;
  }
  // Whoever waited in vain makes room for a new try.
  if (const auto found = under_way_.find(key); found != under_way_.end() && found->second == lookup) {
    under_way_.erase(found);
  }
  // No answer is no reason to forget a name that worked: an old address is better than none, and is judged again.
  if (const auto old = cache_.find(key); old != cache_.end() && !old->second.found.addresses.empty()) {
    co_return old->second.found;
  }
  co_return fail(Errc::timed_out, Side::upstream, "the name server gave no answer");
}

void Resolver::start(const std::string& key, const std::shared_ptr<Lookup>& lookup) {
  asio::post(threads_, [this, key, lookup, in_system = in_system_] {
    in_system->fetch_add(1);
    const std::string& host = lookup->host;
    asio::io_context unused;
    Tcp::resolver resolver(unused);
    ErrorCode error;
    auto found = std::make_shared<Resolved>();
    auto& addresses = found->addresses;
    std::string canonical_name;
    for (const auto& entry : resolver.resolve(host, "", asio::ip::resolver_base::canonical_name, error)) {
      const auto address = entry.endpoint().address();
      if (std::find(addresses.begin(), addresses.end(), address) == addresses.end()) addresses.push_back(address);
      canonical_name = entry.host_name();
    }
    bool missing = error == asio::error::host_not_found || error == asio::error::no_data;
    if (!error && !addresses.empty() && lookup->aliases == Aliases::ask) {
      Resolved known = *found;
      if (!canonical_name.empty() && canonical_name != host) known.aliases.push_back(canonical_name);
      asio::post(context_, [this, lookup, known = std::move(known)] { await_aliases(lookup, known); });
      auto aliases = ask_aliases_(host, canonical_name, addresses.front().is_v6());
      missing = !aliases;  // nobody knows where they lead
      if (aliases) found->aliases = std::move(*aliases);
    }
    in_system->fetch_sub(1);
    if (missing) {
      error.clear();
      addresses.clear();
    }
    asio::post(context_, [this, key, lookup, error, found] {
      lookup->error = error;
      lookup->found = std::move(*found);
      finish(key, lookup);
    });
  });
}

void Resolver::await_aliases(const std::shared_ptr<Lookup>& lookup, Resolved found) const {
  if (lookup->finished) return;
  lookup->found = std::move(found);
  lookup->has_addresses = true;
  lookup->done.expires_at(std::min(lookup->done.expiry(), steady_clock::now() + for_aliases_));
}

void Resolver::finish(const std::string& key, const std::shared_ptr<Lookup>& lookup) {
  lookup->finished = true;
  lookup->done.cancel();
  if (const auto found = under_way_.find(key); found != under_way_.end() && found->second == lookup) {
    under_way_.erase(found);
  }
  if (!lookup->error && !lookup->outdated) remember(key, lookup->found);
}

void Resolver::remember(const std::string& key, Resolved found) {
  if (const auto old = cache_.find(key); old != cache_.end()) {
    oldest_first_.erase(old->second.age);
    cache_.erase(old);
  }
  if (cache_.size() >= kMostCached) {
    cache_.erase(oldest_first_.front());
    oldest_first_.pop_front();
  }
  oldest_first_.push_back(key);
  const auto fresh = found.addresses.empty() ? kFreshMissing : kFresh;
  cache_.emplace(key, Entry{std::move(found), steady_clock::now() + fresh, std::prev(oldest_first_.end())});
}

}  // namespace fairlead::agent::net
