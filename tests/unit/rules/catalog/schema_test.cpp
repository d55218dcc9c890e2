// The JSON Schemas that editors use and the keys and words that the loader knows must be the same.

#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <string>

#include "rules/catalog/keys.hpp"

using namespace fairlead::rules::catalog;
using nlohmann::json;

namespace {

using Words = std::span<const std::string_view>;

json schema(const std::string& name) {
  const std::string path = std::string(FAIRLEAD_SOURCE_DIR) + "/categories/schema/" + name + ".schema.json";
  std::ifstream file(path);
  REQUIRE_MESSAGE(file.is_open(), path);
  return json::parse(file);
}

std::set<std::string> as_set(Words words) { return {words.begin(), words.end()}; }

/// Every object of a schema is closed and explained, and so is every key.
void check_closed(const json& node, const json::json_pointer& where) {
  if (!node.is_object()) return;
  if (node.value("type", "") == "object") {
    INFO(where.to_string());
    CHECK(node.contains("additionalProperties"));
    CHECK(node.value("description", "") != "");
    const json properties = node.value("properties", json::object());  // items() does not keep a temporary alive
    for (const auto& property : properties.items()) {
      INFO(property.key());
      CHECK((property.value().contains("description") || property.value().contains("$ref")));
    }
  }
  for (const auto& child : node.items()) check_closed(child.value(), where / child.key());
}

struct Same {
  std::string file;
  std::string pointer;  // of an object with `properties`
  Words keys;
};

}  // namespace

TEST_CASE("schemas: their keys are the keys that the loader knows") {
  const std::string rule = "/definitions/pattern", search = "/definitions/search", group = "/definitions/group";
  const std::string alerts = "/properties/alerts", channel = alerts + "/properties/channels/items";
  const std::vector<Same> all{
      {"category", "", kCategoryKeys},
      {"category", "/properties/block", kBlockKeys},
      {"category", "/properties/allow", kAllowKeys},
      {"category", "/properties/tests", kTestsKeys},
      {"category", rule, kPatternKeys},
      {"category", search, kSearchKeys},
      {"policy", "", kPolicyKeys},
      {"policy", "/properties/contacts", kContactsKeys},
      {"policy", "/properties/contacts/properties/it", kContactKeys},
      {"policy", "/properties/contacts/properties/safeguarding_lead", kContactKeys},
      {"policy", "/properties/links/items", kLinkKeys},
      {"policy", "/properties/reporting_routes/items", kReportingRouteKeys},
      {"policy", group, kGroupKeys},
      {"policy", "/definitions/scheduled_action", kScheduledActionKeys},
      {"policy", "/properties/exceptions/items", kExceptionKeys},
      {"policy", "/properties/network", kNetworkKeys},
      {"policy", "/properties/cover", kCoverKeys},
      {"policy", "/properties/cover/properties/open/items", kOpeningKeys},
      {"policy", "/properties/network/properties/upstream_proxy", kUpstreamProxyKeys},
      {"policy", "/properties/events", kEventsKeys},
      {"policy", "/properties/agreement", kAgreementKeys},
      {"policy", "/properties/loosening", kLooseningKeys},
      {"policy", "/properties/events/properties/retention", kRetentionKeys},
      {"policy", alerts, kAlertsKeys},
      {"policy", channel, kChannelKeys},
      {"policy", channel + "/properties/mail", kMailKeys},
      {"policy", channel + "/properties/webhook", kWebhookKeys},
      {"policy", alerts + "/properties/rules", kAlertRulesKeys},
      {"policy", alerts + "/properties/rules/properties/severity", kSeverities},
      {"policy", alerts + "/properties/digest", kDigestKeys},
      {"policy", alerts + "/properties/quiet_hours", kQuietHoursKeys},
      {"policy", alerts + "/properties/fold", kFoldKeys},
      {"policy", alerts + "/properties/includes", kIncludesKeys},
      {"protected", "", kProtectedFileKeys},
      {"protected", "/properties/protected/items", kProtectedKeys},
      {"signposts", "", kSignpostsFileKeys},
      {"signposts", "/properties/signposts/additionalProperties", kSignpostKeys},
      {"search_engines", "", kEnginesFileKeys},
      {"search_engines", "/properties/engines/items", kEngineKeys},
      {"policy", group + "/properties/safe_search", kGroupSafeSearchKeys},
      {"safe_search", "", kSafeSearchFileKeys},
      {"safe_search", "/properties/engines/items", kSafeSearchKeys},
      {"safe_search", "/properties/engines/items/properties/to/oneOf/1", kLevelKeys},
      {"carriers", "", kCarriersFileKeys},
      {"carriers", "/properties/carriers/items", kCarrierKeys},
      {"carriers", "/properties/mentions/items", kMentionKeys},
      {"lists", "", kListsFileKeys},
      {"lists", "/properties/lists/additionalProperties", kListKeys},
  };
  for (const Same& same : all) {
    CAPTURE(same.file);
    CAPTURE(same.pointer);
    const json object = schema(same.file).at(json::json_pointer(same.pointer));
    std::set<std::string> keys;
    for (const auto& [key, value] : object.at("properties").items()) keys.insert(key);
    CHECK(keys == as_set(same.keys));
    CHECK(object.at("additionalProperties") == false);
  }
}

TEST_CASE("schemas: their words are the words that the loader knows") {
  const std::vector<Same> all{
      {"category", "/properties/risk", kRisks},
      {"category", "/properties/severity", kSeverities},
      {"category", "/properties/record", kRecords},
      {"category", "/properties/review", kReviews},
      {"category", "/definitions/pattern/properties/in", kWheres},
      {"policy", "/definitions/group/properties/default", kActions},
      {"policy", "/definitions/scheduled_action/properties/otherwise", kActions},
      {"policy", "/definitions/group/properties/actions/additionalProperties/oneOf/0", kActions},
      {"policy", "/properties/exceptions/items/properties/action", kActions},
      {"policy", "/properties/network/properties/local_targets", kLocalTargets},
      {"policy", "/definitions/group/properties/safe_search/properties/youtube", kRestrictions},
      {"policy", "/properties/alerts/properties/rules/properties/categories/additionalProperties", kAlertWays},
      {"policy", "/properties/alerts/properties/rules/properties/severity/properties/high", kAlertWays},
      {"policy", "/properties/alerts/properties/quiet_hours/properties/override", kQuietOverrides},
      {"policy", "/properties/alerts/properties/channels/items/properties/mail/properties/starttls", kStartTls},
      {"policy", "/properties/cover/properties/profile", kCoverProfiles},
      {"policy", "/properties/agreement/properties/required", kRequired},
      {"policy", "/properties/loosening/properties/severity", kSeverities},
      {"signposts", "/properties/signposts/additionalProperties/properties/kind", kSignpostKinds},
      {"signposts", "/properties/signposts/additionalProperties/properties/for", kAudiences},
      {"lists", "/properties/lists/additionalProperties/properties/format", kListFormats},
  };
  for (const Same& same : all) {
    CAPTURE(same.pointer);
    const json words = schema(same.file).at(json::json_pointer(same.pointer)).at("enum");
    CHECK(words.get<std::set<std::string>>() == as_set(same.keys));
  }
}

TEST_CASE("schemas: every object is closed and every key explained") {
  for (const std::string name :
       {"category", "policy", "protected", "signposts", "search_engines", "safe_search", "carriers", "lists"})
    check_closed(schema(name), json::json_pointer("/" + name));
}
