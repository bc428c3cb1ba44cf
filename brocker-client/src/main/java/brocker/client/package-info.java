/**
 * The program: finds the verb that the arguments name, runs it, and turns failures into {@code error:}, {@code hint:} and an exit code.
 * {@code container list} takes less than twice the time of an empty JVM, so what every run passes through stays away from picocli (its
 * class files are too old for an AOT cache), Jackson, the JDK's HTTP clients, {@code java.nio.file}, regular expressions and streams
 * ({@code docs/decisions/0005}). May import every other package.
 */
@NullMarked
package brocker.client;

import org.jspecify.annotations.NullMarked;
