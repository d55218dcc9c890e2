// What the desk opened: for whom it stands, who closes it, and which laptops have it.

#include "agent/hub/desk_exceptions.hpp"

#include "agent/hub/desk.hpp"
#include "agent/hub/keeping.hpp"
#include "samples.hpp"

namespace fairlead::agent::hub {
namespace {

using exchange::DeskException;

DeskException opening(const std::string& url, const std::string& expires = "2027-01-01") {
  return {"", "lead", {url, {"learners"}, {}, "office", "a course", expires}};
}

/// A hub with two sites, desks of each, of both and of the whole, and as many laptops as join.
struct TwoSites : Desks {
  int opened = 0;

  TwoSites() {
    for (const std::string site : {"Leeds", "York"}) {
      REQUIRE(store->add_code(site, "learners", 100, moment(1000), moment(), site));
      REQUIRE(store->add_code("staff at " + site, "staff", 100, moment(1000), moment(), site));
      join("at" + site, site);
    }
  }
  void join(const std::string& device, const std::string& code) {
    REQUIRE(*store->redeem(code, device, "Laptop", moment()) == Redeemed::yes);
  }
  std::string open(Desk& desk, const DeskException& exception) {
    const auto made = desk.except(exception, moment(++opened));
    REQUIRE(made);
    return *made;
  }
  /// What a laptop that has the set of this digest is told; "-" when it has what stands.
  std::string told(const std::string& device, const std::string& has = "", Now now = moment(60)) {
    const auto hearing = store->hear(**store->device(device), {"{}", {}, has}, now);
    REQUIRE(hearing);
    if (!hearing->exceptions) return "-";
    std::string out;
    for (const DeskException& one : hearing->exceptions->all)
      out += (out.empty() ? "" : ", ") + one.exception.url + " " + one.exception.expires;
    return out;
  }
  /// It takes over what stands.
  void take(const std::string& device) {
    const auto hearing = store->hear(**store->device(device), {"{}", {}, "?"}, moment(60));
    REQUIRE(hearing->exceptions);
    CHECK(told(device, hearing->exceptions->digest) == "-");
  }
  /// "tools.example behind 2, " of every exception that the desk shows.
  static std::string behind(const Desk& desk) {
    std::string out;
    const auto shown = desk.exceptions(moment(60));
    REQUIRE(shown);
    for (const MadeException& one : *shown)
      out += one.told.exception.url + " behind " + std::to_string(one.behind) + ", ";
    return out;
  }
};

TEST_CASE("desk exceptions: a laptop is told what stands for its group and site, until it has it") {
  TwoSites all;
  CHECK(all.told("atLeeds") == "-");
  all.open(all.whole, opening("tools.example"));
  all.open(all.york, opening("york.example"));
  CHECK(all.told("atLeeds") == "tools.example 2027-01-01");
  CHECK(all.told("atYork") == "tools.example 2027-01-01, york.example 2027-01-01");
  all.take("atYork");
  all.join("later", "York");
  CHECK(all.told("later") == "tools.example 2027-01-01, york.example 2027-01-01");
  all.join("of staff", "staff at York");
  CHECK(all.told("of staff") == "-");
  // One that was put back from an image has none, or others.
  CHECK(all.told("atYork", "") == all.told("atYork", "others"));
}

TEST_CASE("desk exceptions: one that is closed, and one that has ended, is told of no more") {
  TwoSites all;
  const std::string id = all.open(all.whole, opening("tools.example"));
  all.open(all.whole, opening("short.example", "2026-03-05"));
  all.take("atLeeds");
  REQUIRE(all.whole.close(id, "other lead", moment(5)));
  CHECK(all.told("atLeeds", "?") == "short.example 2026-03-05");
  CHECK(all.told("atLeeds", "?", moment() + std::chrono::days(6)) == "");
  CHECK(all.told("atLeeds", "", moment() + std::chrono::days(6)) == "-");
  CHECK(all.whole.close(id, "lead", moment(6)).error().code == Errc::not_found);
  CHECK(all.whole.close("unknown", "lead", moment(6)).error().code == Errc::not_found);
  const auto shown = all.whole.exceptions(moment(7));
  REQUIRE(shown);
  REQUIRE(shown->size() == 2);
  CHECK_FALSE((*shown)[0].over);
  CHECK((*shown)[1].over == moment(5));
  CHECK((*shown)[1].closed_by == "other lead");
  CHECK((*shown)[1].told.by == "lead");
}

TEST_CASE("desk exceptions: another for the same address, groups and sites takes its place, however it is spelt") {
  TwoSites all;
  const std::string first = all.open(all.whole, opening("tools.example"));
  const std::string second = all.open(all.whole, opening("https://TOOLS.example/", "2027-02-02"));
  all.open(all.whole, opening("tools.example/elsewhere"));
  CHECK(all.told("atLeeds") == "https://TOOLS.example/ 2027-02-02, tools.example/elsewhere 2027-01-01");
  CHECK(all.whole.close(first, "lead", moment()).error().code == Errc::not_found);
  const auto shown = *all.whole.exceptions(moment(60));
  REQUIRE(shown.size() == 3);
  CHECK(shown[2].next == second);
  CHECK(shown[2].about == shown[0].about);
  // One that has ended is not replaced: it was over before.
  all.open(all.whole, opening("past.example", "1970-01-01"));
  all.open(all.whole, opening("past.example"));
  const auto after = *all.whole.exceptions(moment(60));
  for (const MadeException& one : after)
    if (one.told.exception.expires == "1970-01-01") CHECK(one.next == "");
}

TEST_CASE("desk exceptions: where two stand for one address, each stands for itself") {
  TwoSites all;
  all.open(all.whole, opening("tools.example"));
  const std::string of_leeds = all.open(all.leeds, opening("tools.example", "2027-02-02"));
  CHECK(all.told("atLeeds") == "tools.example 2027-01-01, tools.example 2027-02-02");
  REQUIRE(all.leeds.close(of_leeds, "lead", moment(3)));
  CHECK(all.told("atLeeds") == "tools.example 2027-01-01");
  CHECK(all.told("atYork") == "tools.example 2027-01-01");
}

TEST_CASE("desk exceptions: a laptop that moves, or is of another group, has those of where it is") {
  TwoSites all;
  all.open(all.whole, opening("tools.example"));
  all.open(all.leeds, opening("leeds.example"));
  all.open(all.york, opening("york.example"));
  all.open(all.both, opening("both.example"));
  all.take("atLeeds");
  REQUIRE(all.store->move("atLeeds", "York"));
  CHECK(all.told("atLeeds", "?") == "tools.example 2027-01-01, york.example 2027-01-01, both.example 2027-01-01");
  REQUIRE(all.store->move("atLeeds", ""));
  CHECK(all.told("atLeeds", "?") == "tools.example 2027-01-01");
  all.join("atLeeds", "staff at Leeds");
  CHECK(all.told("atLeeds", "?") == "");
}

TEST_CASE("desk exceptions: laptops that have not what stands for them are counted, as far as a desk sees them") {
  TwoSites all;
  const std::string id = all.open(all.whole, opening("tools.example"));
  all.open(all.york, opening("york.example"));
  CHECK(all.behind(all.whole) == "tools.example behind 2, york.example behind 1, ");
  CHECK(all.behind(all.leeds) == "tools.example behind 1, ");
  all.take("atYork");
  CHECK(all.behind(all.whole) == "tools.example behind 1, york.example behind 0, ");
  CHECK(all.behind(all.york) == "tools.example behind 0, york.example behind 0, ");
  REQUIRE(all.whole.close(id, "lead", moment(9)));
  CHECK(all.behind(all.whole) == "york.example behind 1, tools.example behind 1, ");
  all.take("atYork");
  CHECK(all.behind(all.whole) == "york.example behind 0, tools.example behind 0, ");
  REQUIRE(all.store->revoke("atLeeds", moment()));
  CHECK(all.behind(all.whole) == "york.example behind 0, tools.example behind 0, ");
}

TEST_CASE("desk exceptions: a site's lead sees what holds there, and closes what holds nowhere else") {
  TwoSites all;
  const std::string whole = all.open(all.whole, opening("tools.example"));
  const std::string both = all.open(all.both, opening("both.example"));
  const std::string york = all.open(all.york, opening("york.example"));
  const std::string leeds = all.open(all.leeds, opening("leeds.example"));
  const auto seen = all.leeds.exceptions(moment(60));
  REQUIRE(seen);
  std::string text;
  for (const MadeException& one : *seen) {
    text += one.told.exception.url + (all.leeds.may_close(one) ? " may close" : "");
    for (const std::string& site : one.site_names) text += " " + site;
    text += ", ";
  }
  CHECK(text == "tools.example, both.example Leeds, leeds.example may close Leeds, ");
  CHECK(all.leeds.close(whole, "lead", moment()).error().code == Errc::refused);
  CHECK(all.leeds.close(both, "lead", moment()).error().code == Errc::refused);
  CHECK(all.leeds.close(york, "lead", moment()).error().code == Errc::not_found);
  CHECK(all.leeds.close(leeds, "lead", moment()));
  CHECK(all.both.close(york, "lead", moment()));
  CHECK(all.whole.close(both, "lead", moment()));
}

TEST_CASE("desk exceptions: what no laptop could take is not made") {
  TwoSites all;
  CHECK(all.whole.except(opening("http://"), moment()).error().code == Errc::refused);
  CHECK(all.whole.except(opening("tools.example", "soon"), moment()).error().code == Errc::refused);
  CHECK(all.whole.exceptions(moment())->empty());
}

TEST_CASE("desk exceptions: no laptop has more than it keeps, and others are not counted") {
  TwoSites all;
  for (std::size_t i = 0; i < exchange::kMostExceptions; ++i)
    all.open(i % 2 == 0 ? all.whole : all.leeds, opening("site" + std::to_string(i) + ".example"));
  CHECK(all.leeds.except(opening("tools.example"), moment()).error().context ==
        "A laptop keeps 100 opened addresses at the most. Close one under Opened first. Nothing was changed.");
  CHECK(all.whole.except(opening("tools.example"), moment()).error().code == Errc::refused);
  CHECK(all.leeds.except(opening("site1.example", "2027-03-03"), moment()));  // in the place of the one before
  CHECK(all.york.except(opening("tools.example"), moment()));                 // there are 50 there
  DeskException staff = opening("tools.example");
  staff.exception.groups = {"staff"};
  CHECK(all.leeds.except(staff, moment()).error().context ==
        "No laptop that you look after is in this group. Nothing was changed.");
  all.join("of staff", "staff at Leeds");
  CHECK(all.leeds.except(staff, moment()));
}

TEST_CASE("desk exceptions: a laptop is told no more than it takes, whoever opened at one moment") {
  TwoSites all;
  for (std::size_t i = 0; i < exchange::kMostExceptions; ++i)
    all.open(all.whole, opening("site" + std::to_string(i) + ".example"));
  // As two do who have not seen each other's.
  REQUIRE(
      all.store->connection().run("INSERT INTO exceptions SELECT 'one more', 'x', groups, body, sites, made + 1000, "
                                  "ends, closed, closed_by, next FROM"
                                  " exceptions WHERE about LIKE 'site7.example%'",
                                  {}));
  const auto hearing = all.store->hear(**all.store->device("atLeeds"), {"{}", {}, "?"}, moment(600));
  REQUIRE(hearing->exceptions);
  CHECK(hearing->exceptions->all.size() == exchange::kMostExceptions);
  CHECK(exchange::read_notices(exchange::write_notices({}, hearing->exceptions))->exceptions);
  all.take("atLeeds");
  const auto shown = all.leeds.exceptions(moment(600));
  REQUIRE(shown);
  CHECK(shown->front().behind == 0);
}

TEST_CASE("desk exceptions: those of years gone by are dropped") {
  TwoSites all;
  all.open(all.whole, opening("past.example", "1970-01-03"));
  all.open(all.whole, opening("tools.example"));
  CHECK(all.whole.exceptions(moment())->size() == 2);
  REQUIRE(drop_expired(all.store->connection(), moment() + std::chrono::days(740)));
  CHECK(all.whole.exceptions(moment())->size() == 1);
}

}  // namespace
}  // namespace fairlead::agent::hub
