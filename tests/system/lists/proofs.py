"""Digests and signatures: a list whose bytes are not proven never comes into force."""
import hashlib
import os
import random

from harness import NEW, OLD, Server, Signer, edition, plain


def flipped(body, chance):
    changed = bytearray(body)
    changed[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def digest(body):
    return hashlib.sha256(body).hexdigest()


def test_a_byte_flipped_against_a_pinned_digest_is_refused(world):
    world.begin()
    chance = random.Random(20)
    for _ in range(20):
        world.publisher.answers["/list"] = edition(flipped(NEW, chance))
        world.refuses("refused", "not the one in lists.yaml", sha256=digest(NEW))
        assert not os.path.exists(world.path("incoming.part"))
    world.publisher.answers["/list"] = edition(NEW)
    assert world.update(sha256=digest(NEW).upper())["outcome"] == "staged" and world.check_invariant() == NEW
    # The pinned edition is there: nobody need be asked.
    world.publisher.requests.clear()
    assert world.update(sha256=digest(NEW))["outcome"] == "not_modified" and not world.publisher.requests


def test_another_pin_is_not_content_with_no_news(world):
    world.begin()
    world.refuses("refused", "not the one in lists.yaml", sha256=digest(NEW))
    assert "If-None-Match" not in world.publisher.requests[0][1]


def signed_world(world, **minisig):
    signer = Signer(world.folder, "publisher")
    world.source["public_key"] = signer.public_key
    world.publisher.answers["/list.minisig"] = plain(200, signer.minisig(OLD))
    world.begin()
    world.publisher.answers["/list"] = edition(NEW)
    world.publisher.answers["/list.minisig"] = plain(200, signer.minisig(NEW, **minisig))
    return signer


def test_a_signed_list_comes_into_force(world):
    signed_world(world)
    assert world.update()["outcome"] == "staged" and world.check_invariant() == NEW
    assert not os.path.exists(world.path("signature"))


def test_a_signature_of_old_minisign_is_taken(world):
    signed_world(world, algorithm=b"Ed")
    assert world.update()["outcome"] == "staged" and world.check_invariant() == NEW


def test_a_byte_flipped_below_a_signature_is_refused(world):
    signed_world(world)
    chance = random.Random(21)
    for _ in range(20):
        world.publisher.answers["/list"] = edition(flipped(NEW, chance))
        world.refuses("refused", "the signature is not one over this file")


def test_a_byte_flipped_in_the_signature_is_refused(world):
    signer = signed_world(world)
    lines = signer.minisig(NEW).split(b"\n")
    chance = random.Random(22)
    for line in (1, 2, 3):
        for _ in range(10):
            changed = list(lines)
            changed[line] = flipped(lines[line], chance)
            world.publisher.answers["/list.minisig"] = plain(200, b"\n".join(changed))
            outcome = world.update()
            assert outcome["outcome"] == "failed" and outcome["code"] in ("refused", "bad_file"), (outcome, changed)
            assert world.check_invariant() == OLD


def test_the_old_edition_s_signature_does_not_fit_the_new_one(world):
    signer = signed_world(world)
    world.publisher.answers["/list.minisig"] = plain(200, signer.minisig(OLD))
    world.refuses("refused", "the signature is not one over this file")


def test_another_key_is_refused_by_its_number_and_by_its_signature(world):
    signer = signed_world(world)
    other = Signer(world.folder, "other")
    world.publisher.answers["/list.minisig"] = plain(200, other.minisig(NEW))
    world.refuses("refused", "which lists.yaml names")
    world.publisher.answers["/list.minisig"] = plain(200, other.minisig(NEW, key_id=signer.key_id))
    world.refuses("refused", "changed after it was signed")


def test_a_signature_that_is_missing_or_none_is_refused(world):
    signed_world(world)
    world.publisher.answers["/list.minisig"] = plain(404, b"")
    world.refuses("not_found", "the signature: localhost answered 404")
    world.publisher.answers["/list.minisig"] = plain(200, b"<html>welcome</html>")
    world.refuses("bad_message", "the signature: localhost sent a web page")
    world.publisher.answers["/list.minisig"] = plain(200, b"x" * 20000)
    world.refuses("too_large", "the signature: localhost offers 20000 bytes")
    world.publisher.answers["/list.minisig"] = plain(200, b"casino.example\n")
    world.refuses("bad_file", "no minisign signature")


def test_a_key_that_was_added_later_has_the_list_verified(world):
    world.begin()
    signer = Signer(world.folder, "publisher")
    world.publisher.answers["/list.minisig"] = plain(200, signer.minisig(NEW))
    world.refuses("refused", "not one over this file", public_key=signer.public_key)
    world.publisher.answers["/list.minisig"] = plain(200, signer.minisig(OLD))
    assert world.update(public_key=signer.public_key)["outcome"] == "staged"
    assert world.update(public_key=signer.public_key)["outcome"] == "not_modified"


def test_without_https_only_what_is_proven_is_fetched(world):
    world.begin()
    insecure = Server()
    insecure.answers["/list"] = edition(NEW)
    address = {"from": insecure.base + "/list"}
    world.refuses("refused", "is asked without https", **address)
    assert not insecure.requests
    world.refuses("refused", "not the one in lists.yaml", sha256=digest(OLD + NEW), **address)
    assert world.update(sha256=digest(NEW), **address)["outcome"] == "staged" and world.check_invariant() == NEW


def test_what_the_caller_refuses_does_not_come_into_force(world):
    world.begin()
    world.publisher.answers["/list"] = edition(NEW)
    outcome = world.update(refused=["trades"])
    assert outcome["outcome"] == "failed" and outcome["reason"] == "a test did not hold", outcome
    assert world.check_invariant() == OLD and world.meta()["last_error"].endswith("refused: a test did not hold")
    assert not os.path.exists(world.path("candidate"))
