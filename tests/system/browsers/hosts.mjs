// The names that lead to the origins, and what the shipped policy says of them.
export const allowed = ['www.allowed.example'];
export const blocked = [
  { host: 'www.bet365.com', risk: 'conduct', category: 'gambling' },
  { host: 'tinder.com', risk: 'contact', category: 'dating' },
  { host: 'royal-casino7.example', risk: 'conduct', category: 'gambling' },
];

// Blocked in the shipped categories, at lessons at least: fifty. Both browsers know the names of `preloaded` from lists of their own
// (HSTS preloading): they are asked over HTTPS even when "http" is typed, and a certificate that is not trusted cannot be clicked away.
export const preloaded = ['facebook.com', 'instagram.com', 'twitter.com', 'reddit.com', 'discord.com', 'pinterest.com', 'tumblr.com',
  'threads.net', 'bsky.app', 'telegram.org', 'web.whatsapp.com', 'torproject.org', 'mullvad.net', 'nordvpn.com', 'protonvpn.com', 'hide.me',
  'parsec.app', 'dns.google', 'cloudflare-dns.com'];
export const overTls = [...preloaded, 'snapchat.com', 'x.com', 'tiktok.com', 'signal.org', 'windscribe.com', 'surfshark.com', 'teamviewer.com',
  'croxyproxy.com', 'archive.ph', 'bet365.com', 'paddypower.com', 'betfair.com', 'ladbrokes.com', 'pokerstars.uk', 'stake.com', 'tinder.com',
  'bumble.com', 'grindr.com', 'match.com', 'character.ai', 'replika.com', 'candy.ai', 'essaypro.com', 'edubirdie.com', 'hackforums.net',
  'thepiratebay.org', 'annas-archive.org', 'fitgirl-repacks.site', 'mspy.com', 'iqoption.com', 'ar15.com'];
