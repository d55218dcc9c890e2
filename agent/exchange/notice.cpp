#include "agent/exchange/notice.hpp"

#include <utility>

#include "agent/events/digest.hpp"
#include "agent/events/pack_parts.hpp"
#include "agent/exchange/fields.hpp"

namespace fairlead::agent::exchange {
namespace {

using nlohmann::json;
using rules::catalog::Action;

constexpr std::size_t kBodyBytes = 4'096;
constexpr std::size_t kMostGroups = 50;

json time_of(events::TimePoint time) { return time.time_since_epoch().count(); }

struct Write {
  json operator()(const AnswerNotice& one) const {
    return {{"kind", "answer"}, {"event", one.event}, {"time", time_of(one.time)}, {"by", one.by}, {"body", one.body}};
  }
  json operator()(const TaskAnswerNotice& one) const {
    return {{"kind", "task_answer"}, {"events", one.events},      {"task", one.task},
            {"rule", one.rule},      {"time", time_of(one.time)}, {"body", one.body}};
  }
  json operator()(const ReviewNotice& one) const {
    return {
        {"kind", "review"}, {"events", one.events}, {"time", time_of(one.time)}, {"by", one.by}, {"state", one.state}};
  }
  json operator()(const ExceptionNotice& one) const {
    const auto& exception = one.exception;
    return {{"kind", "exception"},         {"by", one.by},
            {"url", exception.url},        {"groups", exception.groups},
            {"owner", exception.owner},    {"reason", exception.reason},
            {"expires", exception.expires}};
  }
  json operator()(const ErasureNotice& one) const {
    return {{"kind", "erasure"},
            {"salt", events::hex(one.person.salt)},
            {"digest", events::hex(one.person.digest)},
            {"by", one.by}};
  }
};

/// Takes texts out of an object, and remembers whether one was missing.
struct Texts {
  const json& from;
  bool all = true;
  std::string take(const char* name, std::size_t most = kFieldBytes) {
    const std::string* text = text_at(from, name, most);
    all = all && text != nullptr;
    return text == nullptr ? std::string() : *text;
  }
  std::string take_bytes(const char* name) {
    std::string bytes = events::bytes_from_hex(take(name));
    all = all && bytes.size() == Pseudonym::kBytes;
    return bytes;
  }
  std::vector<std::string> several(const json& object, const char* name, std::size_t most) {
    std::vector<std::string> out;
    const auto found = object.find(name);
    all = all && found != object.end() && found->is_array() && found->size() <= most;
    if (!all) return out;
    for (const json& one : *found) {
      all = all && one.is_string() && one.get_ref<const std::string&>().size() <= kFieldBytes;
      if (all) out.push_back(one);
    }
    return out;
  }
};

Result<Notice> notice_from(const json& object) {
  const auto wrong = [] { return bad("what the hub tells cannot be read"); };
  if (!object.is_object()) return wrong();
  Texts texts{object};
  Notice out{texts.take("id"), {}};
  const std::string kind = texts.take("kind");
  const auto time = time_at(object, "time");
  if (kind == "answer" && time) {
    out.what = AnswerNotice{texts.take("event"), *time, texts.take("by"), texts.take("body", kBodyBytes)};
  } else if (kind == "task_answer" && time) {
    out.what = TaskAnswerNotice{texts.several(object, "events", kMostNoticeEvents), texts.take("task"),
                                texts.take("rule", kBodyBytes), *time, texts.take("body", kBodyBytes)};
  } else if (kind == "review" && time) {
    out.what =
        ReviewNotice{texts.several(object, "events", kMostNoticeEvents), *time, texts.take("by"), texts.take("state")};
  } else if (kind == "exception") {
    out.what = ExceptionNotice{texts.take("by"),
                               {texts.take("url", 2'048), texts.several(object, "groups", kMostGroups), Action::allow,
                                texts.take("owner"), texts.take("reason"), texts.take("expires")}};
  } else if (kind == "erasure") {
    out.what = ErasureNotice{{texts.take_bytes("salt"), texts.take_bytes("digest")}, texts.take("by")};
  } else {
    return wrong();
  }
  if (!texts.all || out.id.empty()) return wrong();
  return out;
}

struct EventsOf {
  std::vector<std::string> operator()(const AnswerNotice& one) const { return {one.event}; }
  std::vector<std::string> operator()(const TaskAnswerNotice& one) const { return one.events; }
  std::vector<std::string> operator()(const ReviewNotice& one) const { return one.events; }
  std::vector<std::string> operator()(const ExceptionNotice&) const { return {}; }
  std::vector<std::string> operator()(const ErasureNotice&) const { return {}; }
};

}  // namespace

std::vector<std::string> events_of(const Notice& notice) { return std::visit(EventsOf{}, notice.what); }

std::string write_notice(const Notice& notice) {
  json out = std::visit(Write{}, notice.what);
  out["id"] = notice.id;
  return dump(out);
}

std::string write_notices(const std::vector<std::string>& texts) {
  json out = {{"notices", json::array()}};
  for (const std::string& text : texts) out["notices"].push_back(json::parse(text, nullptr, false));
  return dump(out);
}

Result<std::vector<Notice>> read_notices(std::string_view text) {
  const json parsed = json::parse(text, nullptr, false);
  const auto all = parsed.is_object() ? parsed.find("notices") : parsed.end();
  if (all == parsed.end() || !all->is_array() || all->size() > kMostNotices)
    return bad("what the hub tells cannot be read");
  std::vector<Notice> out;
  for (const json& one : *all) {
    auto notice = notice_from(one);
    if (!notice) return tl::unexpected(std::move(notice).error());
    out.push_back(std::move(*notice));
  }
  return out;
}

std::string write_health(std::string_view health, const std::vector<std::string>& heard) {
  json out = json::parse(health, nullptr, false);
  if (!heard.empty()) out["heard"] = heard;
  return dump(out);
}

Result<Health> read_health(std::string_view text) {
  json parsed = json::parse(text, nullptr, false);
  if (!parsed.is_object()) return bad("no JSON object");
  Health out;
  if (parsed.contains("heard")) {
    Texts texts{parsed};
    out.heard = texts.several(parsed, "heard", 4 * kMostNotices);
    if (!texts.all) return bad("'heard' is no list of ids");
    parsed.erase("heard");
  }
  out.health = dump(parsed);
  return out;
}

}  // namespace fairlead::agent::exchange
