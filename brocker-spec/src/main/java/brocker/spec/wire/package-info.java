/**
 * What {@code brockerd} and its clients say to each other besides the specifications: views, requests, problems. May import
 * {@code brocker.spec}. The routes are described in {@code docs/api.md}.
 */
@NullMarked
package brocker.spec.wire;

import org.jspecify.annotations.NullMarked;
