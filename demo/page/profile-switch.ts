/** Lets the demo's account go by another profile and shows what that meets. The phone beside it follows by itself. */
import { PROFILE_FACTS } from './profile-facts.ts';

interface ProfilePlaces {
  readonly select: HTMLSelectElement;
  readonly summary: HTMLElement;
  readonly list: HTMLElement;
  readonly answer: HTMLElement;
  readonly personId: () => string;
}

export async function showProfiles(places: ProfilePlaces): Promise<void> {
  const { select, answer } = places;
  select.replaceChildren(...PROFILE_FACTS.map(({ profile, title }) => new Option(title, profile)));
  select.addEventListener('change', () => change(places));
  try {
    const current = await fetch('/demo/profile');
    if (current.ok) select.value = await current.text();
    else answer.textContent = await current.text();
  } catch (error) {
    answer.textContent = `The demo server can't be reached (${String(error)}).`;
  }
  showFacts(places);
}

async function change(places: ProfilePlaces): Promise<void> {
  const { select, answer } = places;
  showFacts(places);
  answer.textContent = 'Changing…';
  try {
    const path = `/demo/profiles/${encodeURIComponent(select.value)}/${encodeURIComponent(places.personId())}`;
    answer.textContent = await (await fetch(path, { method: 'POST' })).text();
  } catch (error) {
    answer.textContent = `The demo server can't be reached (${String(error)}). Nothing was changed.`;
  }
}

function showFacts({ select, summary, list }: ProfilePlaces): void {
  const facts = PROFILE_FACTS.find(({ profile }) => profile === select.value);
  summary.textContent = facts?.summary ?? '';
  list.replaceChildren(
    ...(facts?.met ?? []).map(([id, sentence]) => {
      const item = document.createElement('li');
      const name = document.createElement('span');
      name.className = 'number';
      name.textContent = id;
      item.append(name, sentence);
      return item;
    }),
  );
}
