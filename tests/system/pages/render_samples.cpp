// Writes one whole answer for each kind of page, so that a browser can be shown it: render_samples FOLDER.
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "agent/console/pages.hpp"
#include "agent/pages/pages.hpp"
#include "tests/unit/agent/pages/sample.hpp"

namespace {

using namespace fairlead;
using agent::pages::Answer;
using agent::pages::Form;
using agent::pages::Trouble;

// Wednesday 25 March 2026, 11:00 in London: the clocks go forward on the Sunday after it.
constexpr std::chrono::sys_seconds kNow{std::chrono::seconds{1774436400}};

bool write(const std::filesystem::path& folder, const std::string& name, const Answer& answer) {
  std::ofstream out(folder / (name + ".http"), std::ios::binary);
  out << agent::pages::to_wire(answer, false, false);
  return out.flush().good();
}

Answer page(const rules::policy::Rules& rules, const rules::policy::Decision& decision, const char* url,
            bool recorded) {
  rules::url::CanonicalUrl canonical;
  if (!canonical.assign(url)) return {};
  return agent::pages::block_page({rules, decision, canonical, recorded ? "K7QM-2D4X" : "", recorded, kNow},
                                  Form::html);
}

bool write_blocks(const std::filesystem::path& folder) {
  const auto rules = sample::rules_from(sample::catalog());
  auto without_lead_catalog = sample::catalog();
  without_lead_catalog.policy.lead = {"Safeguarding lead", "", "", ""};
  without_lead_catalog.policy.it = {};
  const auto without_lead = sample::rules_from(std::move(without_lead_catalog));
  if (!rules || !without_lead) return false;

  auto searched = sample::blocked_by(*rules, sample::self_harm);
  searched.words = "sample words";
  auto scheduled = sample::blocked_by(*rules, sample::social_media);
  scheduled.opens_at = kNow + std::chrono::minutes{90};
  auto undecided = sample::blocked_by(*rules, sample::gambling);
  undecided.undecided = true;
  rules::policy::Decision exception;
  exception.verdict = rules::policy::Verdict::block;
  exception.level = rules::policy::Level::exception;
  const std::string long_name = "http://" + std::string(60, 'a') + "." + std::string(60, 'b') + "." +
                                std::string(60, 'c') + ".xn--bcher-kva.example/";
  return write(folder, "self-harm", page(*rules, searched, "https://sample-one.example/page", true)) &&
         write(folder, "self-harm-no-lead",
               page(*without_lead, sample::blocked_by(*without_lead, sample::self_harm),
                    "https://sample-one.example/page", true)) &&
         write(folder, "extremism",
               page(*rules, sample::blocked_by(*rules, sample::extremism), "https://two.example/", true)) &&
         write(
             folder, "gambling",
             page(*rules, sample::blocked_by(*rules, sample::gambling), "https://royal-casino7.example/slots", true)) &&
         write(folder, "scheduled", page(*rules, scheduled, "https://www.social.example/", false)) &&
         write(folder, "malware",
               page(*rules, sample::blocked_by(*rules, sample::malware), "http://free-download.example/", true)) &&
         write(folder, "undecided", page(*rules, undecided, "https://slow-pattern.example/", true)) &&
         write(folder, "exception", page(*rules, exception, "https://not-here.example/", true)) &&
         write(folder, "long-name",
               page(*rules, sample::blocked_by(*rules, sample::gambling), long_name.c_str(), true));
}

bool write_others(const std::filesystem::path& folder) {
  using agent::pages::error_page;
  using agent::pages::report_page;
  return write(folder, "no-such-site",
               error_page(Trouble::no_such_site, "ww.bilding-supplies.example", "no address for this name",
                          Form::html)) &&
         write(folder, "timed-out",
               error_page(Trouble::timed_out, "slow.example", "no first byte within 60 s", Form::html)) &&
         write(folder, "bad-request",
               error_page(Trouble::bad_request, "", "line 3: space before the colon", Form::html)) &&
         write(folder, "thanks", report_page(200, "accident")) &&
         write(folder, "thanks-concern", report_page(200, "concern")) &&
         write(folder, "not-stored", report_page(503, "wrong"));
}

bool write_console(const std::filesystem::path& folder) {
  namespace console = agent::console;
  const auto rules = sample::rules_from(sample::catalog());
  if (!rules) return false;
  const auto& categories = rules->catalog().categories;
  const auto entry = [&](const char* id, std::chrono::hours ago, const char* host, sample::Index index) {
    return console::OwnBlock{id, kNow - ago, host, categories[index].title, categories[index].says, false, false};
  };
  std::vector<console::OwnBlock> entries;
  const auto ask = [&](const char* path) {
    console::Request request;
    request.method = "GET";
    request.path = path;
    return console::respond(request, {*rules, kNow, [&] { return entries; }, [](const auto&) { return 200; }});
  };
  bool written = write(folder, "console-nothing", ask("/why"));
  entries = {entry("K7QM-2D4X", std::chrono::hours{1}, "royal-casino7.example", sample::gambling),
             entry("B4ZT-9WPA", std::chrono::hours{20}, "free-download.example", sample::malware),
             entry("M3KD-77QX", std::chrono::hours{90}, "sample-one.example", sample::self_harm)};
  entries[1].reported = true;
  entries.push_back(entry("H2RV-5NAE", std::chrono::hours{200}, "noted.example", sample::gambling));
  entries[3].let_through = true;
  for (const char* page : {"index", "why", "recorded", "missing"}) {
    const std::string path = page == std::string_view("index") ? "/" : "/" + std::string(page);
    written = write(folder, "console-" + std::string(page), ask(path.c_str())) && written;
  }
  return written;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: render_samples FOLDER\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  return write_blocks(folder) && write_others(folder) && write_console(folder) ? 0 : 3;
}
