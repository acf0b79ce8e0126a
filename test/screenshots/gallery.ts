/** The page that the screenshot script drives. */
import { SCENES } from '../support/element-scenes.ts';
import { showScene } from '../support/element-stage.ts';

declare global {
  interface Window {
    showSceneNamed(name: string, options: { theme: 'light' | 'dark'; widthPx: number }): Promise<void>;
    sceneNames: readonly string[];
  }
}

window.sceneNames = SCENES.map((scene) => scene.name);
window.showSceneNamed = async (name, options) => {
  document.body.replaceChildren();
  document.documentElement.style.colorScheme = options.theme;
  const scene = SCENES.find((candidate) => candidate.name === name);
  if (!scene) throw new Error(`There is no scene "${name}".`);
  await showScene(scene, options);
};
