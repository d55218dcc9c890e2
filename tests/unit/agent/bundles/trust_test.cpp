#include "agent/bundles/trust.hpp"

#include <doctest/doctest.h>

namespace fairlead::agent::bundles {
namespace {

using std::chrono::sys_seconds;

const std::string kDigest(64, 'a'), kOther(64, 'b');
constexpr sys_seconds kNow(std::chrono::seconds(1'800'000'000));
constexpr std::chrono::hours kYear(24 * 365);

Manifest sample(std::uint64_t version = 7) {
  Manifest out{"Example Trades", version, kNow, kNow + std::chrono::hours(24 * 30), "", {}};
  out.groups["learners"] = {kDigest, 10240, {kOther, 500, ""}, {}};
  return out;
}

struct Keys {
  SigningKey root = std::move(*SigningKey::make()), bundle = std::move(*SigningKey::make());
  minisign::PublicKey root_key = *read_public_key(root.public_file());

  SignedManifest signed_one(const std::string& text, sys_seconds until = kNow + kYear) const {
    return {text, *bundle.sign(text, "version 7"), bundle.public_file(),
            *root.sign(bundle.public_file(), vouching_comment(until))};
  }
};

TEST_CASE("SigningKey: a key that was written and read signs the same") {
  const Keys keys;
  const auto again = SigningKey::from_pem(*keys.bundle.pem());
  REQUIRE(again);
  CHECK(again->public_file() == keys.bundle.public_file());
  CHECK(*again->sign("text", "comment") == *keys.bundle.sign("text", "comment"));
  CHECK(read_public_key(keys.bundle.public_line())->key == read_public_key(keys.bundle.public_file())->key);
  CHECK_FALSE(SigningKey::from_pem("no key"));
  CHECK_FALSE(read_public_key(""));
  CHECK_FALSE(read_public_key("untrusted comment: x\n"));
}

TEST_CASE("check: a manifest is believed through the root key alone") {
  const Keys keys, other;
  const std::string text = write_manifest(sample());
  const SignedManifest good = keys.signed_one(text);
  REQUIRE(check(good, keys.root_key, kNow));
  const auto is_refused = [&](SignedManifest changed, const std::string& why) {
    const auto checked = check(changed, keys.root_key, kNow);
    REQUIRE_FALSE(checked);
    CHECK_MESSAGE(checked.error().context.find(why) != std::string::npos, checked.error().context);
  };
  is_refused(other.signed_one(text), "the root key does not vouch");
  SignedManifest changed = good;
  changed.manifest = write_manifest(sample(8));
  is_refused(changed, "the bundle key did not sign");
  changed = good;
  changed.signature = *other.bundle.sign(text, "version 7");
  is_refused(changed, "the bundle key did not sign");
  changed = good;
  changed.key = other.bundle.public_file();
  is_refused(changed, "the root key does not vouch");
  changed = good;  // the root key itself signs no manifest
  changed.signature = *keys.root.sign(text, "version 7");
  is_refused(changed, "the bundle key did not sign");
  changed = good;  // of another text of the root key
  changed.key_signature = *keys.root.sign(keys.bundle.public_file(), "something else");
  is_refused(changed, "does not say until when");
  changed.key_signature = *keys.root.sign(keys.bundle.public_file(), "fairlead bundle key until for ever");
  is_refused(changed, "does not say until when");
  is_refused(keys.signed_one(text, kNow), "the bundle key was good until");
  is_refused({}, "does not vouch");
}

TEST_CASE("check: what the bundle key signed and is no manifest is none") {
  const Keys keys;
  CHECK(check(keys.signed_one("{}"), keys.root_key, kNow).error().code == Errc::bad_file);
}

TEST_CASE("next_bundle: versions only grow, and only this organisation's and group's count") {
  const Standing standing{"Example Trades", "learners", 7, kDigest};
  const Manifest later = sample(8);
  CHECK(*next_bundle(later, standing, kNow) == &later.groups.at("learners"));
  CHECK(*next_bundle(sample(7), standing, kNow) == nullptr);
  CHECK(next_bundle(sample(6), standing, kNow).error().context.starts_with("rolled back"));
  Manifest same = sample(7);
  same.groups["learners"].digest = kOther;
  CHECK(next_bundle(same, standing, kNow).error().code == Errc::refused);
  Manifest other = sample(8);
  other.organisation = "Other Trades";
  CHECK(next_bundle(other, standing, kNow).error().code == Errc::refused);
  CHECK(next_bundle(sample(8), {"Example Trades", "staff", 7, kDigest}, kNow).error().code == Errc::refused);
  CHECK(next_bundle(sample(8), standing, kNow - std::chrono::seconds(1)).error().code == Errc::timed_out);
}

TEST_CASE("next_bundle: what is past its expiry is taken all the same: an old clock and an old manifest look alike") {
  CHECK(next_bundle(sample(8), {"Example Trades", "learners", 7, kDigest}, kNow + kYear));
}

TEST_CASE("read_handed: what was written is read the same") {
  const SignedManifest manifest{"a\n", "b\n", "c\n", "d\n"};
  const auto read = read_handed(write_handed(manifest, kNow));
  REQUIRE(read);
  CHECK(read->manifest.manifest == "a\n");
  CHECK(read->manifest.key_signature == "d\n");
  CHECK(read->time == kNow);
  for (const char* text : {"", "[]", "{}", R"({"manifest":"a","signature":"b","key":"c","key_signature":1})"})
    CHECK_FALSE(read_handed(text));
}

}  // namespace
}  // namespace fairlead::agent::bundles
