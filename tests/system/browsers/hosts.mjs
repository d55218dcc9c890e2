// The names that lead to the origins, and what the shipped policy says of them.
export const allowed = ['www.allowed.example'];
export const blocked = [
  { host: 'www.bet365.com', risk: 'conduct', category: 'gambling' },
  { host: 'tinder.com', risk: 'contact', category: 'dating' },
  { host: 'royal-casino7.example', risk: 'conduct', category: 'gambling' },
];
