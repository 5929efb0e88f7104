// Linearizable checks histories of credits that many clients made at the same time: is there an order of all operations, each at
// some moment between its call and its return, in which every answer is right?
//
// A history is a file with a line of JSON for each operation. It exits with 0 if all histories are linearizable, and none is any
// more after one answer in it was changed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/anishathalye/porcupine"
)

// operation is one request with its answer. Times are nanoseconds, amounts thousandths of a credit.
type operation struct {
	Client int    `json:"client"`
	Call   int64  `json:"call"`
	Return int64  `json:"return"`
	Kind   string `json:"kind"`   // add, take or read
	Amount int64  `json:"amount"` // what it adds, takes or has read
	Done   bool   `json:"done"`   // whether a take was granted
}

// model has as its state the credits that can be used.
var model = porcupine.Model{
	Init: func() interface{} { return int64(0) },
	Step: func(state, input, _ interface{}) (bool, interface{}) {
		available, op := state.(int64), input.(operation)
		switch op.Kind {
		case "add":
			return true, available + op.Amount
		case "take":
			if op.Done {
				return available >= op.Amount, available - op.Amount
			}
			return available < op.Amount, available
		case "read":
			return available == op.Amount, available
		}
		return false, available
	},
	DescribeOperation: func(input, _ interface{}) string { return fmt.Sprintf("%+v", input) },
}

func read(path string) ([]porcupine.Operation, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var history []porcupine.Operation
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var op operation
		if err := json.Unmarshal(lines.Bytes(), &op); err != nil {
			return nil, err
		}
		history = append(history, porcupine.Operation{
			ClientId: op.Client, Input: op, Call: op.Call, Output: nil, Return: op.Return,
		})
	}
	return history, lines.Err()
}

// forged is the same history, but for one take that was refused and is now said to have been granted.
func forged(history []porcupine.Operation) []porcupine.Operation {
	copied := append([]porcupine.Operation(nil), history...)
	for place, entry := range copied {
		op := entry.Input.(operation)
		if op.Kind == "take" && !op.Done {
			op.Done = true
			copied[place].Input = op
			return copied
		}
	}
	return nil
}

func main() {
	code := 0
	check := func(path string, history []porcupine.Operation, wanted porcupine.CheckResult) {
		result := porcupine.CheckOperationsTimeout(model, history, 5*time.Minute)
		fmt.Println(path, len(history), "operations:", result)
		if len(history) == 0 || result != wanted {
			code = 1
		}
	}
	for _, path := range os.Args[1:] {
		history, err := read(path)
		if err != nil {
			fmt.Fprintln(os.Stderr, path, err)
			os.Exit(2)
		}
		check(path, history, porcupine.Ok)
		check(path+", with a wrong answer", forged(history), porcupine.Illegal)
	}
	os.Exit(code)
}
