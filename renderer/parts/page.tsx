import { config } from 'zod';
import { Component, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { openBridge, type Bridge } from '../bridge.ts';

// The page's policy forbids code made from strings, which zod would try.
config({ jitless: true });

interface SafeProps {
  readonly fallback: ReactNode;
  readonly children: ReactNode;
}

/** Shows the fallback in place of a screen that failed to draw. */
class Safe extends Component<SafeProps, { readonly failed: boolean }> {
  override readonly state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}

/** Puts a screen into the page and links it to the kiosk; `fallback` is shown if the screen fails. */
export function openPage(screen: (bridge: Bridge) => ReactNode, fallback: ReactNode): void {
  const root = document.querySelector('#root');
  if (!root) throw new TypeError('the page has no #root');
  const bridge = openBridge(window);
  createRoot(root).render(<Safe fallback={fallback}>{screen(bridge)}</Safe>);
}
