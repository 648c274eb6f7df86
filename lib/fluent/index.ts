/** The methods of {@link Tensor}, by what they do. */
import './arithmetic.js'
import './backward.js'
import './compare.js'
import './elementwise.js'
import './reduce.js'
import './shape.js'
