/**
 * Results that are not in a part yet. {@link org.rowmill.store.journal.PartWriter} keeps them in memory and publishes
 * them as parts. {@link org.rowmill.store.journal.RowJournal} keeps those of expensive rows on the disk until then;
 * {@link org.rowmill.store.journal.JournalReplay} recovers them if the run was killed.
 */
@NullMarked
package org.rowmill.store.journal;

import org.jspecify.annotations.NullMarked;
