// The page inside the sandboxed frame of the examples: registers the elements, nothing else.

import '../elements.ts';
