// Style sheets imported as text (`?inline`), to be adopted by a shadow root.
/// <reference types="vite/client" />
