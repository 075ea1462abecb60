/** The head: command line, projects, planning, publishing, collecting, Parquet. */
@NullMarked
package org.rowmill.producer;

import org.jspecify.annotations.NullMarked;
