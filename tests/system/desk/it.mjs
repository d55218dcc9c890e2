// IT's morning: health, a task that a learner's word opened, a check, a file, a change that waits; and the lead who releases it.
// `person` works by mouse or by keyboard alone (main.mjs).
const title = (text) => `document.querySelector('h1')?.textContent.includes(${JSON.stringify(text)})`;
const shows = (text) => `document.querySelector('main')?.textContent.includes(${JSON.stringify(text)})`;

export async function signIn(person, home, account, password) {
  await person.browser.open(`${home}/sign-in`);
  await person.fill('#name', account);
  await person.fill('#password', password);
  await person.go('main button');
  await person.see(`${account} is signed in`, `document.querySelector('.menu')`);
}

export async function signOut(person) {
  await person.go('.menu button');
  await person.see('signed out', title('Sign in'));
}

// At the beginning of the text, as a line of its own.
async function writeFirstLine(person, words) {
  await person.see('the text as it is on the disk', `document.querySelector('#text')?.value.startsWith('# ')`);
  await person.put('#text', words);
  await person.browser.press('Enter');
  await person.see('the new line', `document.querySelector('#text').value.startsWith(${JSON.stringify(`${words}\n`)})`);
}

// host: stopped, and appealed against, by somebody. serious: a file that may be loosened by this run alone.
export async function anAdminsMorning(person, { home, password, host, serious }) {
  await signIn(person, home, 'an-admin', password);
  await person.see('health in words', title('The filter is on'));
  await person.accessible('health');

  await person.go('.menu a[href="/it/tasks"]');
  await person.see('the task, with its address', shows(host));
  await person.see('nobody in it', `!document.body.textContent.includes('root')`);
  await person.accessible('the tasks');
  await person.browser.open(`${home}/it/tasks`);
  await person.go('.cards details summary');
  await person.fill('.cards details[open] input[name="owner"]', 'R. Site');
  await person.fill('.cards details[open] input[name="reason"]', `Unit 4 needs it, it's "agreed" # 4`);
  await person.go('.cards details[open] button.main');
  await person.see('the answer is stored', `document.querySelector('[role="status"]')?.textContent.includes('stored')`);

  await person.go('.menu a[href="/it/check"]');
  await person.see('the question', title('What would happen?'));
  await person.fill('#url', host);
  await person.go('main form button');
  await person.see('the explanation, with the new exception', `document.querySelector('.explained')?.textContent.includes('exception')`);
  await person.accessible('the check');

  await person.go('.menu a[href="/it/files"]');
  await person.see('the files', title('Files'));
  await person.go('a[href="/it/files/conduct%2Fgambling.yaml"]');
  await person.see('one file', `document.querySelector('#text')?.value.includes('category: gambling')`);
  await person.accessible('one file');
  await writeFirstLine(person, 'hsots: []');
  await person.go('button[value="preview"]');
  await person.see('a mistake by line and column', shows("conduct/gambling.yaml:1:1: error: unknown key 'hsots'"));
  await person.accessible('a file with a mistake');
  await person.browser.open(`${home}/it/files/conduct%2Fgambling.yaml`);
  await writeFirstLine(person, `# looked through: ${person.name}`);
  await person.go('button[value="preview"]');
  await person.see('what it changes', shows('No rule differs'));
  await person.accessible('a preview');
  await person.go('button[value="apply"]');
  await person.see('the change is made', shows('Done. The rules are in force.'));

  await person.browser.open(`${home}/it/files/${encodeURIComponent(serious)}`);
  await writeFirstLine(person, 'quiet: true');
  await person.go('button[value="preview"]');
  await person.see('that it lets something through', shows('it is only counted, and no longer recorded'));
  await person.accessible('a loosening preview');
  await person.go('button[value="apply"]');
  await person.see('it waits', shows('It waits, and the file is as it was until then.'));
  await person.see('who asked cannot release it', `!document.querySelector('input[value="release"]')`);
  await person.accessible('the changes');
  await signOut(person);

  await signIn(person, home, 'a-lead', password);
  await person.go('.menu a[href="/it/changes"]');
  await person.see('the change to look at', shows(serious));
  await person.go('form:has(input[value="release"]) button');
  await person.see('released', shows('Done. The rules are in force.'));
  await signOut(person);
}
