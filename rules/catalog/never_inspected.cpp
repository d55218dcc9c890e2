#include "rules/catalog/never_inspected.hpp"

#include <array>
#include <span>

#include "rules/base/text.hpp"

namespace fairlead::rules::catalog {
namespace {

// Closed registries stand for all below them: only their keepers give names away there.
constexpr auto kBanks = std::to_array<std::string_view>({
    "bank",
    "insurance",
    "aldermore.co.uk",
    "americanexpress.com",
    "atombank.co.uk",
    "aviva.co.uk",
    "bankofengland.co.uk",
    "bankofireland.com",
    "bankofscotland.co.uk",
    "barclaycard.co.uk",
    "barclays.co.uk",
    "barclays.com",
    "capitalone.co.uk",
    "chase.co.uk",
    "co-operativebank.co.uk",
    "coventrybuildingsociety.co.uk",
    "cynergybank.co.uk",
    "danskebank.co.uk",
    "firstdirect.com",
    "gocardless.com",
    "halifax.co.uk",
    "handelsbanken.co.uk",
    "hl.co.uk",
    "hsbc.co.uk",
    "hsbc.com",
    "klarna.com",
    "leedsbuildingsociety.co.uk",
    "lloydsbank.co.uk",
    "lloydsbank.com",
    "lloydsbankinggroup.com",
    "mbna.co.uk",
    "metrobankonline.co.uk",
    "monzo.com",
    "nationwide.co.uk",
    "natwest.com",
    "nsandi.com",
    "paypal.com",
    "postoffice.co.uk",
    "revolut.com",
    "rbs.co.uk",
    "sainsburysbank.co.uk",
    "santander.co.uk",
    "skipton.co.uk",
    "starlingbank.com",
    "stripe.com",
    "tescobank.com",
    "tide.co",
    "triodos.co.uk",
    "tsb.co.uk",
    "ulsterbank.co.uk",
    "unity.co.uk",
    "vanguardinvestor.co.uk",
    "virginmoney.com",
    "wise.com",
    "worldpay.com",
    "ybs.co.uk",
});
constexpr auto kHealth = std::to_array<std::string_view>({
    "nhs.uk",
    "nhs.net",
    "nhs.scot",
    "hscni.net",
    "accurx.com",
    "babylonhealth.com",
    "bupa.co.uk",
    "emisaccess.co.uk",
    "livi.co.uk",
    "mygp.com",
    "patient.info",
    "patientaccess.com",
    "patientsknowbest.com",
    "pharmacy2u.co.uk",
    "pushdoctor.co.uk",
    "sh24.org.uk",
    "systmonline.tpp-uk.com",
});
constexpr auto kGovernment = std::to_array<std::string_view>({
    "gov",
    "mil",
    "gov.uk",
    "gov.scot",
    "gov.wales",
    "llyw.cymru",
    "mod.uk",
    "parliament.uk",
    "parliament.scot",
    "police.uk",
    "judiciary.uk",
    "studentfinancewales.co.uk",
    "slc.co.uk",
    "citb.co.uk",
});
constexpr auto kCounselling = std::to_array<std::string_view>({
    "alcoholics-anonymous.org.uk",
    "acas.org.uk",
    "beateatingdisorders.org.uk",
    "betterhelp.com",
    "brook.org.uk",
    "childline.org.uk",
    "citizensadvice.org.uk",
    "cruse.org.uk",
    "gamblersanonymous.org.uk",
    "gamcare.org.uk",
    "giveusashout.org",
    "kooth.com",
    "mensadviceline.org.uk",
    "mind.org.uk",
    "nationaldahelpline.org.uk",
    "nspcc.org.uk",
    "papyrus-uk.org",
    "rapecrisis.org.uk",
    "refuge.org.uk",
    "relate.org.uk",
    "rethink.org",
    "samaritans.org",
    "stopitnow.org.uk",
    "switchboard.lgbt",
    "talktofrank.com",
    "thecalmzone.net",
    "themix.org.uk",
    "togetherall.com",
    "turn2us.org.uk",
    "victimsupport.org.uk",
    "womensaid.org.uk",
    "youngminds.org.uk",
});
constexpr auto kSignIn = std::to_array<std::string_view>({
    "account.live.com",
    "accounts.google.com",
    "accounts.youtube.com",
    "appleid.apple.com",
    "auth0.com",
    "idmsa.apple.com",
    "login.live.com",
    "login.microsoftonline.com",
    "login.windows.net",
    "login.yahoo.com",
    "myaccount.google.com",
    "okta.com",
    "onelogin.com",
    "passwords.google.com",
    "pay.google.com",
});

struct Kind {
  std::string_view what;
  std::span<const std::string_view> hosts;
};
constexpr std::array kKinds{Kind{"a bank", kBanks}, Kind{"health", kHealth}, Kind{"government", kGovernment},
                            Kind{"counselling", kCounselling}, Kind{"a sign-in page", kSignIn}};

}  // namespace

std::string_view never_inspected(std::string_view host) {
  for (const Kind& kind : kKinds) {
    for (const std::string_view parent : kind.hosts) {
      if (text::is_host_or_below(host, parent)) return kind.what;
    }
  }
  return {};
}

}  // namespace fairlead::rules::catalog
