// That a decision about an address that nothing speaks about asks for no memory, and safe search never does. Replaces
// operator new of this program.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <new>

#include "rules/policy/rules.hpp"

namespace {

thread_local std::size_t allocations = 0;

void* counted(std::size_t size) {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
void* counted_or_throw(std::size_t size) {
  if (void* memory = counted(size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) { return counted_or_throw(size); }
void* operator new[](std::size_t size) { return counted_or_throw(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace fairlead::rules::policy {
namespace {

std::size_t allocations_of(const Rules& rules, const char* address) {
  url::CanonicalUrl url;
  REQUIRE(url.assign(address));
  // Twice before: RE2 makes its programs and their first states once.
  for (int i = 0; i < 2; ++i) CHECK(rules.decide(url, 0, {}).level == Level::group_default);
  const std::size_t before = allocations;
  const Decision decision = rules.decide(url, 0, {});
  const std::size_t after = allocations;
  CHECK(decision.losers.empty());
  return after - before;
}

TEST_CASE("decide: no memory is asked for when nothing speaks about an address") {
  const LoadedRules loaded = load_rules(std::filesystem::path(FAIRLEAD_SOURCE_DIR) / "categories");
  REQUIRE(loaded.rules);
  for (const char* address :
       {"https://plumbers-merchant.example/", "https://www.plumbers-merchant.example/copper/15mm/",
        "http://static.cdn.plumbers-merchant.example:8080/app.js?v=12&lang=en", "https://203.0.113.7/printer",
        "https://[2001:db8::1]/", "https://localhost/",
        // Words of patterns, so that RE2 is asked too.
        "https://shop.plumbers-merchant.example/category/online-store/adserver-rack/get-tickets",
        "https://a.b.c.d.e.f.g.h.i.j.k.l.example/",
        // Escapes, so that addresses inside are looked for behind them.
        "https://plumbers-merchant.example/a%20b/c%252Fd?q=10%3A30%20%2F%20day&path=%2Fcopper%2F15mm&time=http"}) {
    CAPTURE(std::string(address));
    CHECK(allocations_of(*loaded.rules, address) == 0);
  }
  // The count counts: a rule that speaks is told of with texts, and those take memory.
  url::CanonicalUrl url;
  REQUIRE(url.assign("https://www.bet365.com/"));
  const std::size_t before = allocations;
  CHECK(rules::policy::Verdict::block == loaded.rules->decide(url, 0, {}).verdict);
  CHECK(allocations > before);
}

TEST_CASE("safe_search: no memory is asked for, whether an engine is meant or not") {
  const LoadedRules loaded = load_rules(std::filesystem::path(FAIRLEAD_SOURCE_DIR) / "categories");
  REQUIRE(loaded.rules);
  std::size_t mapped = 0;
  for (const char* address : {"https://plumbers-merchant.example/", "https://www.google.co.uk/search?q=roof",
                              "https://a.b.c.d.e.f.g.h.i.j.k.l.co.uk/", "https://203.0.113.7/"}) {
    url::CanonicalUrl url;
    REQUIRE(url.assign(address));
    const std::size_t before = allocations;
    if (!loaded.rules->safe_search(url, 0).connect_to.empty()) ++mapped;
    CHECK(allocations == before);
  }
  CHECK(mapped == 1);
}

}  // namespace
}  // namespace fairlead::rules::policy
