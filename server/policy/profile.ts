/** The named sets of rules that an account can go by (REQUIREMENTS.md section 1.6): five as other products have them, and our own. */
export const PROFILES = ['default', 'freshcaller', 'cloudtalk', 'skara', 'diallink', 'dialpad'] as const;
export type Profile = (typeof PROFILES)[number];

export function isProfile(text: string): text is Profile {
  return PROFILES.some((profile) => profile === text);
}
