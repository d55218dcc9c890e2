// What the desk opened: whom it holds for, laptops that come later, and its end before the last day.

#include "agent/hub/desk_exceptions.hpp"

#include <list>

#include "agent/hub/desk.hpp"
#include "agent/hub/keeping.hpp"
#include "samples.hpp"

namespace fairlead::agent::hub {
namespace {

using exchange::ClosingNotice;
using exchange::ExceptionNotice;

ExceptionNotice opening(const std::string& url, const std::string& expires = "2027-01-01") {
  return {"lead", {url, {"learners"}, {}, "office", "a course", expires}};
}

/// A hub with two sites, desks of each and of the whole, and as many laptops as join.
struct TwoSites {
  events::TemporaryFolder folder;
  std::unique_ptr<Store> store = std::move(*Store::open(place_in(folder)));
  Desk whole{place_in(folder)};
  Desk leeds{place_in(folder), Scope({"Leeds"})};
  Desk york{place_in(folder), Scope({"York"})};
  Desk both{place_in(folder), Scope({"Leeds", "York"})};
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
  std::string open(Desk& desk, const ExceptionNotice& exception) {
    const auto made = desk.except(exception, moment(++opened));
    REQUIRE(made);
    return made->id;
  }
  /// What a laptop hears, in a few words each, and has heard then: "+tools.example 2027-01-01", "-tools.example ...".
  std::string hear(const std::string& device) {
    std::string out;
    std::vector<std::string> heard;
    for (const exchange::Notice& notice : notices(device)) {
      heard.push_back(notice.id);
      const auto* closing = std::get_if<ClosingNotice>(&notice.what);
      const auto& exception =
          closing != nullptr ? closing->exception : std::get<ExceptionNotice>(notice.what).exception;
      out += (out.empty() ? "" : ", ") + std::string(closing != nullptr ? "-" : "+") + exception.url + " " +
             exception.expires;
    }
    REQUIRE(store->hear(**store->device(device), {"{}", heard}, moment()));
    return out;
  }
  std::vector<exchange::Notice> notices(const std::string& device) {
    const auto told = store->hear(**store->device(device), {"{}", {}}, moment());
    REQUIRE(told);
    return exchange::read_notices(exchange::write_notices(*told))->notices;
  }
};

TEST_CASE("desk exceptions: a laptop that joins later is told what stands, and nothing that is over") {
  TwoSites all;
  all.open(all.whole, opening("tools.example"));
  all.open(all.york, opening("york.example"));
  all.open(all.whole, opening("past.example", "1970-01-01"));
  const std::string closed = all.open(all.whole, opening("closed.example"));
  REQUIRE(all.whole.close(closed, "lead", moment()));
  all.join("later", "Leeds");
  CHECK(all.hear("later") == "+tools.example 2027-01-01");
  all.join("of staff", "staff at York");
  CHECK(all.hear("of staff") == "");
  // Enrolled anew, as after its disk was written anew: it may have lost all.
  all.join("later", "Leeds");
  CHECK(all.hear("later") == "+tools.example 2027-01-01");
}

TEST_CASE("desk exceptions: one that is closed ends on every laptop that it was told to, heard or not") {
  TwoSites all;
  const std::string id = all.open(all.whole, opening("tools.example"));
  CHECK(all.hear("atLeeds") == "+tools.example 2027-01-01");
  REQUIRE(all.whole.close(id, "other lead", moment(5)));
  CHECK(all.hear("atLeeds") == "-tools.example 2027-01-01");
  CHECK(all.hear("atYork") == "-tools.example 2027-01-01");  // it may have heard, and not said so yet
  CHECK(all.whole.close(id, "lead", moment(6)).error().code == Errc::not_found);
  CHECK(all.whole.close("unknown", "lead", moment(6)).error().code == Errc::not_found);
  const auto shown = all.whole.exceptions(moment(7));
  REQUIRE(shown);
  REQUIRE(shown->size() == 1);
  CHECK(shown->front().over == moment(5));
  CHECK(shown->front().closed_by == "other lead");
  CHECK(shown->front().by == "lead");
}

TEST_CASE("desk exceptions: how many have not heard is counted by exception, openings and ends") {
  TwoSites all;
  const std::string id = all.open(all.whole, opening("tools.example"));
  all.open(all.york, opening("york.example"));
  const auto unheard = [&] {
    std::string out;
    const auto shown = all.whole.exceptions(moment());
    REQUIRE(shown);
    for (const DeskException& one : *shown) out += one.exception.url + " " + std::to_string(one.unheard) + ", ";
    return out;
  };
  CHECK(unheard() == "tools.example 2, york.example 1, ");
  all.hear("atYork");
  CHECK(unheard() == "tools.example 1, york.example 0, ");
  REQUIRE(all.whole.close(id, "lead", moment()));
  CHECK(unheard() == "york.example 0, tools.example 2, ");
  CHECK(all.york.exceptions(moment())->size() == 2);
}

TEST_CASE("desk exceptions: another for the same address, groups and sites gives its place, however it is spelt") {
  TwoSites all;
  const std::string first = all.open(all.whole, opening("tools.example"));
  all.open(all.whole, opening("https://TOOLS.example/", "2027-02-02"));
  all.open(all.whole, opening("tools.example/elsewhere"));
  CHECK(all.whole.close(first, "lead", moment()).error().code == Errc::not_found);
  all.join("later", "Leeds");
  CHECK(all.hear("later") == "+https://TOOLS.example/ 2027-02-02, +tools.example/elsewhere 2027-01-01");
}

TEST_CASE("desk exceptions: where two stand for one address, closing one leaves the other") {
  TwoSites all;
  all.open(all.whole, opening("tools.example"));
  const std::string of_leeds = all.open(all.leeds, opening("tools.example", "2027-02-02"));
  CHECK(all.hear("atLeeds") == "+tools.example 2027-01-01, +tools.example 2027-02-02");
  REQUIRE(all.leeds.close(of_leeds, "lead", moment(3)));
  CHECK(all.hear("atLeeds") == "-tools.example 2027-02-02, +tools.example 2027-01-01");
  CHECK(all.hear("atYork") == "+tools.example 2027-01-01");
}

TEST_CASE("desk exceptions: a laptop that moves leaves those of its old site and takes up those of the new one") {
  TwoSites all;
  all.open(all.whole, opening("tools.example"));
  all.open(all.leeds, opening("leeds.example"));
  all.open(all.york, opening("york.example"));
  all.open(all.both, opening("both.example"));
  all.hear("atLeeds");
  REQUIRE(all.store->move("atLeeds", "York", moment(9)));
  CHECK(all.hear("atLeeds") ==
        "-leeds.example 2027-01-01, +tools.example 2027-01-01, +york.example 2027-01-01, "
        "+both.example 2027-01-01");
  REQUIRE(all.store->move("atLeeds", "", moment(10)));
  CHECK(all.hear("atLeeds") == "-york.example 2027-01-01, -both.example 2027-01-01, +tools.example 2027-01-01");
  // The same, when it is enrolled anew with a code of another site.
  REQUIRE(all.store->move("atLeeds", "York", moment(11)));
  all.hear("atLeeds");
  all.join("atLeeds", "Leeds");
  CHECK(all.hear("atLeeds").starts_with("-york.example 2027-01-01, +tools.example"));
}

TEST_CASE("desk exceptions: a site's lead sees what holds there, and closes what holds nowhere else") {
  TwoSites all;
  const std::string whole = all.open(all.whole, opening("tools.example"));
  const std::string both = all.open(all.both, opening("both.example"));
  const std::string york = all.open(all.york, opening("york.example"));
  const std::string leeds = all.open(all.leeds, opening("leeds.example"));
  const auto seen = all.leeds.exceptions(moment());
  REQUIRE(seen);
  std::string text;
  for (const DeskException& one : *seen) {
    text += one.exception.url + (all.leeds.may_close(one) ? " may close" : "");
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
  ExceptionNotice nobody = opening("tools.example");
  nobody.exception.groups = {"apprentices"};
  CHECK(all.whole.except(nobody, moment())->laptops == 0);
  CHECK(all.whole.exceptions(moment())->empty());
  for (std::size_t i = 0; i < exchange::kMostExceptions; ++i)
    all.open(i % 2 == 0 ? all.whole : all.leeds, opening("site" + std::to_string(i) + ".example"));
  CHECK(all.leeds.except(opening("tools.example"), moment()).error().context ==
        "A laptop keeps 100 exceptions at the most. Close one first.");
  CHECK(all.leeds.except(opening("site1.example", "2027-03-03"), moment()));  // in the place of the one before
  CHECK(all.york.except(opening("tools.example"), moment()));                 // there are 50 there
  ExceptionNotice staff = opening("tools.example");
  staff.exception.groups = {"staff"};
  all.join("of staff", "staff at Leeds");
  CHECK(all.leeds.except(staff, moment()));
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
