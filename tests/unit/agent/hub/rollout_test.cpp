#include "agent/hub/rollout.hpp"

#include <doctest/doctest.h>

#include "samples.hpp"

namespace fairlead::agent::hub {
namespace {

Rollout rollout() { return {{5, 50, 100}, 0, moment(), std::chrono::hours(1), {}}; }

Now later() { return moment(7200); }

TEST_CASE("read_stages: percents that grow to 100") {
  CHECK(*read_stages("5,50,100") == std::vector<unsigned>{5, 50, 100});
  CHECK(*read_stages("100") == std::vector<unsigned>{100});
  CHECK(write_stages({5, 50, 100}) == "5,50,100");
  for (const char* bad : {"", "5", "50,5,100", "5,5,100", "0,100", "5,101", "5,,100", "5,100,", "a", "-5,100", "5 ,100",
                          "1,2,3,4,5,6,7,8,9,10,100"})
    CHECK_MESSAGE(!read_stages(bad), std::string(bad));
}

TEST_CASE("is_among: the share is what it says, grows without anybody leaving, and is another for another version") {
  int five = 0, fifty = 0, both = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::string device = "device" + std::to_string(i);
    const bool early = is_among(device, 7, 5);
    five += early;
    fifty += is_among(device, 7, 50);
    both += early && is_among(device, 8, 5);
    CHECK(is_among(device, 7, 100));
    CHECK_FALSE(is_among(device, 7, 0));
    if (early) CHECK(is_among(device, 7, 50));
  }
  CHECK(five > 60);
  CHECK(five < 140);
  CHECK(fifty > 900);
  CHECK(fifty < 1100);
  CHECK(both < 30);
}

TEST_CASE("judge: a stage goes on after its time, once most that should have it do") {
  Heard heard;
  heard.chosen = 50;
  heard.on_it = 25;
  CHECK(judge(rollout(), heard, moment(60)).next == Next::wait);
  CHECK(judge(rollout(), heard, later()).next == Next::move_on);
  heard.on_it = 24;
  CHECK(judge(rollout(), heard, later()).next == Next::wait);
  heard.on_it = 50;
  Rollout last = rollout();
  last.stage = 2;
  CHECK(judge(last, heard, later()).next == Next::wait);
  CHECK(judge(rollout(), {}, later()).next == Next::move_on);  // of a few laptops none may be among 5 %
}

TEST_CASE("judge: more than one in twenty that cannot use it stop it, at once") {
  Heard heard;
  heard.chosen = 60;
  heard.on_it = 57;
  heard.failing = 3;
  CHECK(judge(rollout(), heard, moment()).next == Next::wait);
  heard.on_it = 56;
  heard.example = "policy.yaml:1: error";
  const Judgement judgement = judge(rollout(), heard, moment());
  CHECK(judgement.next == Next::stop);
  CHECK(judgement.why == "3 of 59 laptops cannot use it: policy.yaml:1: error");
  Rollout stopped = rollout();
  stopped.stopped = "by hand";
  CHECK(judge(stopped, heard, later()).next == Next::wait);
  CHECK(stopped.percent() == 0);
}

TEST_CASE("judge: a jump in blocks, against the others over the same time, stops it") {
  Heard heard;
  heard.chosen = heard.on_it = 10;
  heard.hours = 20;
  heard.blocks = 400;  // 20 an hour
  heard.hours_of_others = 400;
  heard.blocks_of_others = 2000;  // 5 an hour
  CHECK(judge(rollout(), heard, moment(60)).next == Next::wait);
  heard.blocks = 420;
  const Judgement judgement = judge(rollout(), heard, moment(60));
  CHECK(judgement.next == Next::stop);
  CHECK(judgement.why.find("block 21 times an hour, the others 5") != std::string::npos);
  heard.hours_of_others = 0.5;  // nothing to compare with
  CHECK(judge(rollout(), heard, moment(60)).next == Next::wait);
  heard.hours_of_others = 400;
  heard.hours = 0.9;
  CHECK(judge(rollout(), heard, moment(60)).next == Next::wait);
}

}  // namespace
}  // namespace fairlead::agent::hub
