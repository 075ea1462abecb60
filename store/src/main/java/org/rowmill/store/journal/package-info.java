/** Results that no part holds yet: in memory, in the journal, and replayed from the journal of a killed run. */
@NullMarked
package org.rowmill.store.journal;

import org.jspecify.annotations.NullMarked;
