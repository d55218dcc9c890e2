#include "agent/hub/intake.hpp"

#include <algorithm>
#include <deque>
#include <iterator>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "agent/events/digest.hpp"
#include "agent/hub/erasing.hpp"
#include "agent/hub/keeping.hpp"
#include "agent/hub/merged.hpp"
#include "agent/hub/taking_sql.hpp"
#include "agent/hub/database.hpp"

namespace fairlead::agent::hub {
namespace {

using exchange::Batch;
using exchange::Range;
using exchange::Receipt;

constexpr std::size_t kMostRemembered = 4'096;
/// More of them only a laptop makes that skips every second number on purpose.
constexpr std::size_t kMostGaps = 10'000;
/// Laptops that count the same thing on one day do not wait for each other's commit.
constexpr std::uint64_t kSlots = 64;

/// Those that a row stands for.
struct Others {
  MergedIds ids;
  Now until{};
};

Row row_of(const Arrived& arrived, std::int64_t incident, const Others& others, const Row& stream, Now now) {
  const events::Stored& stored = *arrived.stored;
  const events::Event& event = stored.event;
  Row out{std::string(kKept.at(arrived.part.kept)),
          arrived.part.day,
          stream[0],
          stream[1],
          column_of(stored.sequence),
          column_of(arrived.moment),
          column_of(event.time),
          column_of(now),
          stored.erased ? column_of(now) : 0,
          arrived.of_class,
          incident,
          arrived.person,
          Bytes{stored.digest}};
  for (const std::string* text :
       {&event.id, &event.rule, &event.source, &event.url, &event.host, &event.words, &event.span, &event.losers})
    out.emplace_back(*text);
  out.emplace_back(column_of(others.ids.size()));
  out.emplace_back(column_of(others.until));
  out.emplace_back(merged_text(others.ids));
  return out;
}

/// What the rows of a batch are sorted by, and kept from on. A laptop erases by its own clock what is past its time:
/// what comes with its details, and would be past its time here, is of a clock that is wrong, and is kept from today
/// on.
class Moments {
 public:
  Moments(Connection& connection, Now now) : connection_(connection), now_(now) {}

  /// time   of an event that this row is, or stands for.
  Result<Now> of(const events::Stored& stored, Now time) {
    const Now moment = moment_of(time, now_);
    if (stored.erased || now_ - moment < kSurelyKept) return moment;
    if (!kept_) {
      const auto retention = kept_for(connection_);
      if (!retention) return tl::unexpected(retention.error());
      kept_ = days_of(*retention);
    }
    const bool over = events::day_of(moment) < events::day_of(now_ - kept_->at(kept_of(stored.event)));
    return over ? now_ : moment;
  }

 private:
  static constexpr auto kSurelyKept = std::chrono::days(1);  // no policy keeps anything for less
  Connection& connection_;
  Now now_;
  std::optional<KeptDays> kept_;  // asked for by the first old one: most batches have none
};

}  // namespace

bool Intake::Stream::has(std::uint64_t sequence) const {
  if (sequence > high) return false;
  return std::none_of(gaps.begin(), gaps.end(),
                      [&](const Range& gap) { return gap.first <= sequence && sequence <= gap.last; });
}

void Intake::Stream::add(std::uint64_t sequence, const std::string& of_digest) {
  if (sequence > high) {
    if (sequence > high + 1) gaps.push_back({high + 1, sequence - 1});
    high = sequence;
    digest = of_digest;
    return;
  }
  const auto gap = std::find_if(gaps.begin(), gaps.end(),
                                [&](const Range& one) { return one.first <= sequence && sequence <= one.last; });
  if (gap == gaps.end()) return;
  const Range below{gap->first, sequence - 1}, above{sequence + 1, gap->last};
  auto next = gaps.erase(gap);
  if (above.first <= above.last) next = gaps.insert(next, above);
  if (below.first <= below.last) gaps.insert(next, below);
}

Result<Intake::Stream> Intake::lock_stream(std::int64_t device, const Batch& batch) {
  Stream out;
  out.device = device;
  out.epoch = column_of(batch.epoch);
  const auto lock = [&] {
    return connection_.run(in(connection_, sql::sqlite::kLockStream, sql::postgres::kLockStream), {device, out.epoch});
  };
  auto row = lock();
  if (row && row->empty()) {
    // An erasure that is under way has locked the device.
    if (connection_.dialect() == Dialect::postgres) {
      if (auto waited = connection_.run(sql::postgres::kShareDevice, {device}); !waited)
        return tl::unexpected(waited.error());
    }
    if (auto begun = connection_.run(sql::kBeginStream, {device, out.epoch, column_of(batch.first - 1), Bytes{}});
        !begun)
      return tl::unexpected(begun.error());
    row = lock();
  }
  if (!row) return tl::unexpected(row.error());
  out.high = count_at(row->front(), 0);
  out.digest = bytes_at(row->front(), 1);
  out.site = null_at(row->front(), 3) ? 0 : number_at(row->front(), 3);
  if (number_at(row->front(), 2) == 0) return out;
  const auto gaps = connection_.run(sql::kGaps, {device, out.epoch, column_of(kMostGaps)});
  if (!gaps) return tl::unexpected(gaps.error());
  for (const Row& gap : *gaps) out.gaps.push_back({count_at(gap, 0), count_at(gap, 1)});
  return out;
}

Result<void> Intake::write_stream(const Stream& stream, bool gaps_changed) {
  if (stream.gaps.size() > kMostGaps)
    return fail(Errc::too_large, Side::client, "this laptop leaves out more events than the hub keeps count of");
  const auto moved = connection_.run(sql::kMoveStream, {column_of(stream.high), Bytes{stream.digest},
                                                        column_of(stream.gaps.size()), stream.device, stream.epoch});
  if (!moved) return tl::unexpected(moved.error());
  if (!gaps_changed) return {};
  if (auto dropped = connection_.run(sql::kDropGaps, {stream.device, stream.epoch}); !dropped)
    return tl::unexpected(dropped.error());
  std::vector<Row> rows;
  for (const Range& gap : stream.gaps)
    rows.push_back({stream.device, stream.epoch, column_of(gap.first), column_of(gap.last)});
  if (auto added = connection_.run_for(in(connection_, sql::sqlite::kAddGap, sql::postgres::kAddGap), rows); !added)
    return tl::unexpected(added.error());
  return {};
}

Result<Intake::Knowns> Intake::known(const Stream& stream, std::uint64_t from, std::uint64_t to) {
  Knowns out;
  const std::uint64_t lowest = from - std::min(from, std::uint64_t{exchange::kMostCovered});
  const auto spans = connection_.run(sql::kSpans, {stream.device, stream.epoch, column_of(to), column_of(from)});
  if (!spans) return tl::unexpected(spans.error());
  for (const Row& span : *spans) {
    const auto rows = connection_.run(sql::kKnown, {span[0], span[1], stream.device, stream.epoch, column_of(lowest),
                                                    column_of(to), column_of(from)});
    if (!rows) return tl::unexpected(rows.error());
    for (const Row& row : *rows) {
      out.emplace(count_at(row, 0), Known{bytes_at(row, 1), text_at(row, 2)});
      for (auto& [sequence, id] : merged_from(text_at(row, 3))) out.emplace(sequence, Known{"", std::move(id)});
    }
  }
  return out;
}

bool Intake::is_another(const Knowns& there, std::uint64_t sequence, std::string_view digest, std::string_view id) {
  const auto known = there.find(sequence);
  // What is not there any more is past its time, and counts as taken.
  if (known == there.end()) return false;
  return known->second.digest.empty() || digest.empty() ? known->second.id != id : known->second.digest != digest;
}

Result<std::uint64_t> Intake::differs_from(const Batch& batch, const Stream& stream) {
  // Nearly always it is the last one that came.
  if (batch.mark && batch.mark->sequence == stream.high && !stream.digest.empty()) {
    if (batch.mark->digest != stream.digest) return stream.high;
  } else if (batch.mark && stream.has(batch.mark->sequence)) {
    const auto there = known(stream, batch.mark->sequence, batch.mark->sequence);
    if (!there) return tl::unexpected(there.error());
    if (is_another(*there, batch.mark->sequence, batch.mark->digest, batch.mark->id)) return batch.mark->sequence;
  }
  if (batch.rows.empty() || batch.rows.front().sequence > stream.high) return 0;
  const auto there = known(stream, batch.rows.front().sequence, batch.last());
  if (!there) return tl::unexpected(there.error());
  std::uint64_t from = 0;
  for (const events::Stored& row : batch.rows)
    if (from == 0 && is_another(*there, row.sequence, row.digest, row.event.id)) from = row.sequence;
  for (const exchange::Merged& one : batch.merged)
    if ((from == 0 || one.sequence < from) && is_another(*there, one.sequence, "", one.id)) from = one.sequence;
  return from;
}

Result<std::int64_t> Intake::class_of(const events::Event& event) {
  std::string all;
  Row texts{Bytes{}};
  const auto add = [&](std::string_view text) {
    all.append(std::to_string(text.size())).append(":").append(text);
    texts.emplace_back(std::string(text));
  };
  for (const std::string_view text :
       {to_string(event.kind), std::string_view(event.found), std::string_view(event.group),
        std::string_view(event.method), to_string(event.navigation), std::string_view(event.navigation_sign),
        std::string_view(event.category), std::string_view(event.risk), std::string_view(event.severity),
        std::string_view(event.review), std::string_view(event.level), std::string_view(event.ruleset_id),
        std::string_view(event.policy_version)})
    add(text);
  if (const auto known = classes_.find(all); known != classes_.end()) return known->second;
  const Bytes key{std::string(events::Hasher().add("fairlead class 1").add(all).finish().view())};
  texts[0] = key;
  auto row = connection_.run(sql::kClass, {key});
  if (row && row->empty()) {
    if (auto added = connection_.run(sql::kAddClass, texts); !added) return tl::unexpected(added.error());
    row = connection_.run(sql::kClass, {key});
  }
  if (!row) return tl::unexpected(row.error());
  if (classes_.size() >= kMostRemembered) classes_.clear();
  return classes_.emplace(std::move(all), number_at(row->front(), 0)).first->second;
}

Result<std::vector<Arrived>> Intake::prepare(const Batch& batch, Now now) {
  std::vector<Arrived> out;
  std::set<Part> parts;
  Moments moments(connection_, now);
  for (const events::Stored& stored : batch.rows) {
    const auto of_class = class_of(stored.event);
    if (!of_class) return tl::unexpected(of_class.error());
    const auto moment = moments.of(stored, stored.event.time);
    if (!moment) return tl::unexpected(moment.error());
    const Part part{kept_of(stored.event), events::day_of(*moment)};
    out.push_back({&stored, nullptr, out.size(), *moment, part, *of_class, 0, 0});
    parts.insert(part);
  }
  for (const exchange::Merged& merged : batch.merged) {
    Arrived one = out.at(merged.row);
    const auto moment = moments.of(*one.stored, merged.time);
    if (!moment) return tl::unexpected(moment.error());
    one.merged = &merged;
    one.moment = *moment;
    out.push_back(one);
  }
  std::sort(out.begin(), out.end(), [](const Arrived& a, const Arrived& b) { return a.sequence() < b.sequence(); });
  if (auto made = parts_.make(parts); !made) return tl::unexpected(made.error());
  return out;
}

Result<void> Intake::number_names(std::vector<Arrived>& events, const Device& device, Now now) {
  std::set<std::string> people, hosts;
  const auto in_incident = [](const Arrived& one) {
    return !one.stored->erased && events::makes_incident(one.stored->event.kind);
  };
  for (const Arrived& one : events) {
    if (!one.stored->erased) people.insert(one.stored->event.person);
    if (in_incident(one) && !one.stored->event.host.empty()) hosts.insert(one.stored->event.host);
  }
  auto persons = lock_people(connection_, people, device, accounts_);
  if (!persons) return tl::unexpected(persons.error());
  const auto numbers = number_hosts(connection_, hosts, now);
  if (!numbers) return tl::unexpected(numbers.error());
  std::map<std::string, Numbered> later;
  for (Arrived& one : events) {
    if (!one.stored->erased) {
      Numbered& person = persons->at(one.stored->event.person);
      one.person = person.number;
      std::int64_t& last = person.last_days.at(one.part.kept);
      if (one.part.day > last) {
        last = one.part.day;
        later[one.stored->event.person] = person;
      }
    }
    if (const auto host = numbers->find(one.stored->event.host); in_incident(one) && host != numbers->end())
      one.host = host->second;
  }
  std::vector<Numbered> kept;
  kept.reserve(later.size());
  for (const auto& [name, person] : later) kept.push_back(person);
  return keep_people(connection_, kept);
}

Result<void> Intake::count(const std::vector<Arrived>& events, const Device& device, std::int64_t site) {
  using Key = std::tuple<std::int64_t, std::string, std::string, std::string>;
  std::map<Key, std::pair<std::int64_t, std::int64_t>> sums;
  for (const Arrived& one : events) {
    const events::Event& event = one.stored->event;
    auto& [all, visits] = sums[{one.part.day, event.category, event.group, std::string(to_string(event.kind))}];
    ++all;
    visits += event.navigation == events::Navigation::yes ? 1 : 0;
  }
  std::vector<Row> rows;
  for (const auto& [key, sum] : sums) {
    const auto& [day, category, group, kind] = key;
    rows.push_back({day, category, group, kind, column_of(device.number % kSlots), site, sum.first, sum.second});
  }
  const auto done = connection_.run_for(in(connection_, sql::sqlite::kAddTotals, sql::postgres::kAddTotals), rows);
  if (!done) return tl::unexpected(done.error());
  return {};
}

Result<void> Intake::note_spans(const std::vector<Arrived>& events, const Stream& stream) {
  std::map<Part, Range> spans;
  for (const Arrived& one : events) {
    const std::uint64_t sequence = one.sequence();
    const auto [at, fresh] = spans.emplace(one.part, Range{sequence, sequence});
    at->second = {std::min(at->second.first, sequence), std::max(at->second.last, sequence)};
  }
  std::vector<Row> rows;
  rows.reserve(spans.size());
  for (const auto& [part, span] : spans)
    rows.push_back({stream.device, stream.epoch, std::string(kKept.at(part.kept)), part.day, column_of(span.first),
                    column_of(span.last)});
  const auto done = connection_.run_for(in(connection_, sql::sqlite::kAddSpan, sql::postgres::kAddSpan), rows);
  if (!done) return tl::unexpected(done.error());
  return {};
}

Result<void> Intake::add(std::vector<Arrived> fresh, const Device& device, const Stream& stream, Now now) {
  if (auto numbered = number_names(fresh, device, now); !numbered) return numbered;
  std::vector<Arrived> of_incidents;
  const auto in_incident = [](const Arrived& one) {
    return !one.stored->erased && events::makes_incident(one.stored->event.kind);
  };
  std::copy_if(fresh.begin(), fresh.end(), std::back_inserter(of_incidents), in_incident);
  Courses courses(connection_, stream.device, stream.site);
  if (auto opened = courses.open(of_incidents); !opened) return opened;
  std::map<std::size_t, std::size_t> marks;  // of rows
  std::map<std::size_t, Others> others;
  for (const Arrived& one : fresh) {
    if (one.merged != nullptr) {
      others[one.row].ids.emplace_back(one.merged->sequence, one.merged->id);
      others[one.row].until = std::max(others[one.row].until, one.time());
    }
    if (!in_incident(one)) continue;
    const auto mark = courses.place(one, marks[one.row]);
    if (!mark) return tl::unexpected(mark.error());
    marks[one.row] = *mark;
  }
  if (auto written = courses.write(); !written) return written;
  std::vector<Row> rows;
  const Row key{stream.device, stream.epoch};
  for (const Arrived& one : fresh) {
    if (one.merged != nullptr) continue;
    const std::size_t mark = marks[one.row];
    rows.push_back(row_of(one, mark == 0 ? 0 : courses.number_of(mark), others[one.row], key, now));
  }
  if (auto added = connection_.add_rows(in(connection_, sql::sqlite::kAddEvent, sql::postgres::kAddEvents), rows);
      !added)
    return added;
  if (auto noted = note_spans(fresh, stream); !noted) return noted;
  return count(fresh, device, stream.site);
}

Result<Receipt> Intake::take(const Batch& batch, const Device& device, Now now) {
  const auto prepared = prepare(batch, now);
  if (!prepared) return tl::unexpected(prepared.error());
  Receipt out;
  const auto done = in_transaction(connection_, [&]() -> Result<void> {
    auto stream = lock_stream(column_of(device.number), batch);
    if (!stream) return tl::unexpected(stream.error());
    const auto differs = differs_from(batch, *stream);
    if (!differs) return tl::unexpected(differs.error());
    out.differs_from = *differs;
    if (out.differs_from != 0) return {};
    const auto erased = erased_on(connection_, stream->device);
    if (!erased) return tl::unexpected(erased.error());
    std::deque<events::Stored> stripped;
    std::vector<const events::Stored*> rows(batch.rows.size());  // as they are taken; null: not taken
    std::vector<Arrived> fresh;
    const auto gaps_before = stream->gaps;
    for (const Arrived& one : *prepared) {
      if (stream->has(one.sequence())) continue;
      const events::Stored*& row = rows.at(one.row);
      if (one.merged == nullptr) {
        row = one.stored;
        if (!erased->empty()) {
          events::Stored copy = *row;
          if (strip(copy, *erased)) row = &stripped.emplace_back(std::move(copy));
        }
      }
      // Its row came before, without it. From here on the laptop is asked anew, and chooses another.
      if (row == nullptr) break;
      stream->add(one.sequence(), one.merged == nullptr ? row->digest : std::string());
      fresh.push_back(one);
      fresh.back().stored = row;
    }
    out.fresh = fresh.size();
    if (!fresh.empty()) {
      if (auto added = add(std::move(fresh), device, *stream, now); !added) return added;
      if (auto written = write_stream(*stream, stream->gaps != gaps_before); !written) return written;
    }
    out.high = stream->high;
    const std::size_t most = std::min(stream->gaps.size(), exchange::kMostRanges);
    out.missing.assign(stream->gaps.begin(), stream->gaps.begin() + static_cast<std::ptrdiff_t>(most));
    return {};
  });
  if (!done) {
    parts_.forget();
    return tl::unexpected(done.error());
  }
  return out;
}

}  // namespace fairlead::agent::hub
