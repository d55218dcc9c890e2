#pragma once
// A small policy with one category of each kind that pages treat differently; shared by the tests of pages and console
// and by the program that renders pages for the browser test. Names and numbers are invented or belong to public
// services.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/policy/rules.hpp"

namespace fairlead::sample {

enum Index : std::uint8_t { self_harm, extremism, gambling, social_media, eating_disorders, malware, statutory };

inline rules::catalog::Category category(std::string id, std::string title, std::string says,
                                         rules::catalog::Severity severity, rules::catalog::Record record,
                                         rules::catalog::Review review, std::vector<std::string> help) {
  rules::catalog::Category made;
  made.id = std::move(id);
  made.title = std::move(title);
  made.says = std::move(says);
  made.severity = severity;
  made.record = record;
  made.review = review;
  made.help = std::move(help);
  return made;
}

inline rules::catalog::Signpost signpost(std::string id, std::string name, std::string audience, std::string phone,
                                         std::string sms, std::string url) {
  return {std::move(id),    std::move(name), "help",         std::move(audience),
          std::move(phone), std::move(sms),  std::move(url), {}};
}

inline rules::catalog::Catalog catalog() {
  using namespace rules::catalog;
  Catalog made;
  made.files = {"categories/policy.yaml"};
  made.categories = {
      category(
          "self-harm-and-suicide", "Self-harm and suicide",
          "You don't have to deal with this alone. This page is not available because it may encourage harm. These "
          "people will listen, right now.",
          Severity::critical, Record::words, Review::now,
          {"samaritans", "shout", "papyrus", "childline", "safeguarding-lead"}),
      category(
          "extremism", "Extremism and radicalisation",
          "This site promotes extremist views, so it is not available. Reading about extremism for a course is fine: "
          "ask your tutor.",
          Severity::critical, Record::path, Review::day, {"safeguarding-lead", "act-early", "dfe-prevent"}),
      category(
          "gambling", "Gambling",
          "Gambling sites are not available on this laptop. If gambling is costing you sleep or money, help is free.",
          Severity::medium, Record::host, Review::week, {"gamcare", "money", "lighthouse"}),
      category("social-media", "Social media", "Social media is open in rest periods. It opens again {next_open}.",
               Severity::low, Record::none, Review::none, {"online-safety-advice"}),
      category("eating-disorders", "Pro-eating-disorder",
               "This page encourages harmful eating. If food or your body is on your mind, Beat can help.",
               Severity::high, Record::words, Review::day, {"beat", "childline", "shout", "safeguarding-lead"}),
      category("malware", "Malware and ransomware",
               "This site can infect the laptop. You have done nothing wrong; if something downloaded, tell IT.",
               Severity::high, Record::path, Review::it, {"ncsc"}),
      category(
          "unlawful-terrorist-material", "Unlawful terrorist material",
          "This address is on a list of unlawful terrorist material. If you came here by accident, press the button "
          "below or tell a member of staff.",
          Severity::critical, Record::host, Review::day, {"safeguarding-lead", "act-early"}),
  };
  made.categories.back().statutory = true;
  made.signposts = {
      signpost("samaritans", "Samaritans", "all", "116 123", "", "https://www.samaritans.org/"),
      signpost("shout", "Shout", "all", "", "SHOUT to 85258", "https://giveusashout.org/"),
      signpost("papyrus", "Papyrus HOPELINE247 (under 35)", "all", "0800 068 4141", "", "https://www.papyrus-uk.org/"),
      signpost("childline", "Childline (under 19)", "learner", "0800 1111", "", "https://www.childline.org.uk/"),
      signpost("act-early", "ACT Early (worried someone is being radicalised)", "all", "", "", "https://actearly.uk/"),
      signpost("dfe-prevent", "DfE counter-extremism helpline", "staff", "020 7340 7264", "", "https://www.gov.uk/"),
      signpost("gamcare", "National Gambling Helpline (GamCare)", "all", "", "", "https://www.gamcare.org.uk/"),
      signpost("money", "MoneyHelper", "all", "", "", "https://www.moneyhelper.org.uk/"),
      signpost("lighthouse", "Construction Industry Helpline (Lighthouse)", "all", "0345 605 1956", "",
               "https://www.lighthousecharity.org/"),
      signpost("online-safety-advice", "Internet Matters", "all", "", "", "https://www.internetmatters.org/"),
      signpost("beat", "Beat (eating disorders)", "all", "", "", "https://www.beateatingdisorders.org.uk/"),
      signpost("ncsc", "NCSC: forward scam texts to 7726", "all", "", "", "https://www.ncsc.gov.uk/"),
  };
  for (Signpost& one : made.signposts) {
    if (one.id == "online-safety-advice") one.kind = "advice";
  }
  PolicyFile& policy = made.policy;
  policy.organisation = "Example Trades Training";
  policy.version = "2026-01";
  policy.lead = {"Designated safeguarding lead", "Sample Person", "01632 960001", ""};
  policy.it = {"IT help", "", "01632 960002", "it@training.example"};
  policy.links = {{"Safe use of IT policy", "https://training.example/it-policy", {}},
                  {"Prevent policy", "https://training.example/prevent", {"extremism"}}};
  std::vector<GroupAction> actions(made.categories.size());
  for (const auto* id : {"learners", "staff"}) {
    Group group;
    group.id = id;
    group.title = id;
    group.actions = actions;
    policy.groups.push_back(std::move(group));
  }
  return made;
}

/// Built by the real gate; null when the catalog above is not acceptable, which every test would notice at once.
inline std::shared_ptr<const rules::policy::Rules> rules_from(rules::catalog::Catalog from) {
  std::vector<rules::catalog::Problem> problems;
  return rules::policy::Rules::build(std::move(from), problems);
}

/// A block by the category's first rule.
inline rules::policy::Decision blocked_by(const rules::policy::Rules& rules, Index index) {
  rules::policy::Decision decision;
  decision.verdict = rules::policy::Verdict::block;
  decision.level = rules::policy::Level::category;
  decision.winner.emplace();
  decision.winner->level = decision.level;
  decision.winner->category = &rules.catalog().categories.at(index);
  return decision;
}

/// Does a page say this?
inline bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace fairlead::sample
