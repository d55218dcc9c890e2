#include "agent/events/row_check.hpp"

namespace fairlead::agent::events {

std::string name_of(const Shape& shape, std::uint64_t sequence) {
  return std::string(shape.name) + " " + std::to_string(sequence);
}

Checked check_row(Hasher& hasher, const DeviceKey& key, const Shape& shape, Sealed sealed, const Statement& row,
                  Link& link) {
  Checked checked;
  const std::uint64_t sequence = row.integer_at(0);
  const auto bad = [&](std::string_view why) { checked.bad = name_of(shape, sequence) + ": " + std::string(why); };
  if (sequence != link.sequence + 1) {
    if (sequence > link.sequence) {
      checked.bad = name_of(shape, link.sequence + 1) + ": the row is missing";
    } else {
      bad("a row stands where none was written");
    }
    return checked;
  }
  const std::string_view committed = row.bytes_at(shape.commitment());
  const std::string_view digest = row.bytes_at(shape.digest());
  const std::string_view salt = row.bytes_at(shape.salt());
  Row hashed;
  int column = 0;
  for (int i = 0; i < shape.numbers; ++i) hashed.numbers.push_back(row.integer_at(column++));
  for (int i = 0; i < shape.texts; ++i) hashed.texts.push_back(row.bytes_at(column++));
  bool personal_missing = row.null_at(shape.salt());
  bool personal_left = !personal_missing;
  for (int i = 0; i < shape.personal; ++i, ++column) {
    (row.null_at(column) ? personal_missing : personal_left) = true;
    hashed.personal.push_back(row.bytes_at(column));
  }
  checked.erased = !row.null_at(shape.erased());
  const auto proved = [&](int column_of_proof, const Digest& message) {
    return row.bytes_at(column_of_proof) == key.proof(message).view();
  };
  // A row of version 1 had room for half of a proof.
  const auto erased_by_us = [&] {
    const std::string_view proof = row.bytes_at(shape.erased());
    return (proof.size() == kSaltSize || proof.size() == kOldSaltSize) &&
           key.proof(erasure_message(hasher, shape, digest)).view().starts_with(proof);
  };
  const auto seal = [&] {
    return sealed == Sealed::digest ? seal_message(hasher, shape, digest)
                                    : event_seal_message(hasher, digest, row.integer_at(shape.erased() + 1),
                                                         row.integer_at(shape.erased() + 2));
  };
  const Digest expected = row_digest(hasher, shape, link, hashed, committed);
  if (expected.view() != digest) {
    bad("its digest does not match the row and those before it");
  } else if (!proved(shape.seal(), seal())) {
    // Digests alone can be made anew by anybody, all the way to the end; the seal needs the device key.
    bad(sealed == Sealed::digest
            ? "its seal is not this device's: the row was changed and hashed anew"
            : "its seal is not this device's: the row was changed and hashed anew, or put into another incident");
  } else if (checked.erased && !erased_by_us()) {
    bad("it is marked as erased, but this device did not erase it");
  } else if (checked.erased && personal_left) {
    bad("it was erased, but personal fields stand in it");
  } else if (!checked.erased &&
             (personal_missing || commitment(hasher, shape, salt, hashed.personal).view() != committed)) {
    bad("a personal field was changed or taken out");
  }
  link = {sequence, expected};
  return checked;
}

bool is_proved(Hasher& hasher, const DeviceKey& key, const Statement& counter) {
  const Digest message =
      counter_message(hasher, counter.integer_at(0), counter.bytes_at(1), counter.bytes_at(2), counter.integer_at(3));
  return counter.bytes_at(4) == key.proof(message).view();
}

}  // namespace fairlead::agent::events
