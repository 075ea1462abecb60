/** What is wrong with static state that rows share. */
@NullMarked
package org.rowmill.schemas.model.state;

import org.jspecify.annotations.NullMarked;
