/**
 * The world of project code: what {@code index()}, columns, {@code report} and the programs that they start find around
 * them, the same on the head and on every node. Entry type: {@link org.rowmill.schemas.world.World}.
 */
@NullMarked
package org.rowmill.schemas.world;

import org.jspecify.annotations.NullMarked;
